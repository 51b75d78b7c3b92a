import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { decodeHistogram } from '../../latency/latency-histogram.ts';
import { ClosedPublisherBook } from './closed-publisher-book.ts';

const window = { startUs: 0, measureStartUs: 1_000, measureEndUs: 2_000 };

/** A book whose clock stands where the test puts it, and one connection. */
function create() {
  const clock = { us: 0 };
  const book = new ClosedPublisherBook(window, () => clock.us);
  const client = new EventEmitter();
  book.follow(client);
  const at = (us: number, event: string, ...details: readonly unknown[]): void => {
    clock.us = us;
    client.emit(event, ...details);
  };
  return { book, at };
}

describe('ClosedPublisherBook', () => {
  it('times what was answered inside the measured window, and counts the rest', () => {
    const { book, at } = create();
    for (const [sentUs, answeredUs] of [
      [100, 900],
      [950, 1_250],
      [1_300, 1_900],
      [1_950, 2_000],
    ] as const) {
      at(sentUs, 'request');
      at(answeredUs, 'response', 201);
    }
    const report = book.report();
    expect(report).toMatchObject({
      intended: 4,
      sent: 4,
      acceptedCount: 4,
      acceptedInWindow: 2,
      failures: [],
    });
    const latency = decodeHistogram(report.latency);
    expect(latency.count).toBe(2);
    expect(latency.quantileMs(0)).toBeCloseTo(0.3, 3);
    expect(latency.maxMs).toBeCloseTo(0.6, 3);
    expect(decodeHistogram(report.scheduleLag).count).toBe(0);
  });

  it('keeps every answer but 201 as a failure', () => {
    const { book, at } = create();
    for (const status of [503, 200, 201, 503]) {
      at(1_100, 'request');
      at(1_200, 'response', status);
    }
    expect(book.report()).toMatchObject({
      sent: 4,
      acceptedCount: 1,
      failures: [
        { reason: 'http_503', count: 2 },
        { reason: 'http_200', count: 1 },
      ],
    });
  });

  it('knows why a request failed: a socket error, a time-out, or a connection that just ended', () => {
    const { book, at } = create();
    at(1_000, 'request');
    at(1_010, 'connError', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    at(1_020, 'request');
    // autocannon tells of a time-out after it has sent the next request.
    at(1_030, 'request');
    at(1_030, 'timeout');
    // The server ended the connection: nothing is said but that the next one is sent.
    at(1_040, 'request');
    at(1_050, 'response', 201);
    const { sent, acceptedCount, failures } = book.report();
    expect({ sent, acceptedCount }).toEqual({ sent: 4, acceptedCount: 1 });
    expect(failures.map(({ reason }) => reason).sort()).toEqual(['ECONNREFUSED', 'answer_cut', 'timeout']);
  });

  it('counts what is under way at the end neither as accepted nor as failed', () => {
    const { book, at } = create();
    at(1_900, 'request');
    expect(book.report()).toMatchObject({ sent: 1, acceptedCount: 0, failures: [] });
  });

  it('counts as failed what had no answer all through a load that went on to its end', () => {
    const { book, at } = create();
    at(100, 'request');
    book.ended();
    expect(book.report()).toMatchObject({ sent: 1, failures: [{ reason: 'no_answer', count: 1 }] });
    const heard = create();
    heard.at(100, 'request');
    heard.at(1_900, 'response', 503);
    heard.at(1_900, 'request');
    heard.book.ended();
    expect(heard.book.report()).toMatchObject({ sent: 2, failures: [{ reason: 'http_503', count: 1 }] });
  });

  it.each(['end', 'connError'])('counts nothing sent behind a last answer, however that ends: %s', (end) => {
    const { book, at } = create();
    at(1_000, 'request');
    at(1_100, 'headers', { shouldKeepAlive: false });
    at(1_100, 'response', 201);
    // autocannon does not look at the head: it sends the next request, then connects and sends again.
    at(1_100, 'request');
    at(1_110, end, new Error('gone'));
    at(1_110, 'request');
    at(1_200, 'headers', { shouldKeepAlive: true });
    at(1_200, 'response', 201);
    at(1_200, 'request');
    expect(book.report()).toMatchObject({ sent: 3, acceptedCount: 2, failures: [] });
  });

  it('takes no answer twice', () => {
    const { book, at } = create();
    at(1_100, 'request');
    at(1_200, 'response', 201);
    at(1_210, 'response', 201);
    at(1_220, 'connError', new Error('late'));
    expect(book.report()).toMatchObject({ sent: 1, acceptedCount: 1, failures: [] });
  });
});
