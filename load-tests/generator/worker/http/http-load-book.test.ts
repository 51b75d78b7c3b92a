import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { decodeHistogram } from '../../latency/latency-histogram.ts';
import { type CannonClient, HttpLoadBook, MOST_FAILURES_IN_A_ROW } from './http-load-book.ts';

const window = { startUs: 0, measureStartUs: 1_000_000, measureEndUs: 3_000_000 };

class FakeClient extends EventEmitter implements CannonClient {
  responseMax?: number | undefined;
  destroyed = 0;
  destroy(): void {
    this.destroyed += 1;
  }
}

/** A book whose clock stands where the test puts it, and one connection. */
function create() {
  const clock = { us: 0 };
  const book = new HttpLoadBook(window, () => clock.us);
  const client = new FakeClient();
  book.follow(client);
  const at = (us: number, event: string, ...details: readonly unknown[]): void => {
    clock.us = us;
    client.emit(event, ...details);
  };
  const answer = (us: number, status: number, body: string): void => {
    at(us, 'headers', { statusCode: status, shouldKeepAlive: true });
    at(us, 'body', Buffer.from(body));
    at(us, 'response', status, 100 + body.length);
  };
  return { book, client, at, answer };
}

describe('HttpLoadBook', () => {
  it('times what is answered inside the measured window, by half and by second, and counts everything', () => {
    const { book, at, answer } = create();
    for (const [sentUs, answeredUs] of [
      [100, 900_000],
      [990_000, 1_000_000],
      [1_500_000, 1_540_000],
      [2_400_000, 2_480_000],
      [2_990_000, 3_000_000],
    ] as const) {
      at(sentUs, 'request');
      answer(answeredUs, 200, 'hello');
    }
    const report = book.report(true);
    expect(report).toMatchObject({
      sent: 5,
      statuses: [{ status: 200, count: 5, sample: null }],
      failures: [],
      undetermined: 0,
      givenUp: 0,
      answersInWindow: 3,
      bytesInWindow: 3 * 105,
    });
    expect(decodeHistogram(report.firstHalf).count).toBe(2);
    expect(decodeHistogram(report.firstHalf).maxMs).toBeCloseTo(40, 0);
    expect(decodeHistogram(report.secondHalf).maxMs).toBeCloseTo(80, 0);
    expect(report.seconds.map(({ deliveries }) => deliveries)).toEqual([2, 1]);
  });

  it('keeps the first words of each status that is no 2xx, in one line, without what steers a terminal', () => {
    const { book, at, answer } = create();
    for (const [status, body] of [
      [200, 'fine'],
      [500, '\u001b[31mfirst\r\n\tline\u0007'],
      [500, 'second'],
      [404, 'x'.repeat(5_000)],
    ] as const) {
      at(10, 'request');
      answer(20, status, body);
    }
    const { statuses } = book.report(true);
    expect(statuses.map(({ status, count }) => [status, count])).toEqual([
      [200, 1],
      [404, 1],
      [500, 2],
    ]);
    expect(statuses[0]?.sample).toBeNull();
    expect(statuses[1]?.sample).toHaveLength(300);
    expect(statuses[2]?.sample).toBe('[31mfirst line');
    expect(book.failed).toBe(3);
  });

  it('says what is under way at the end, and what was cut', () => {
    const { book, at } = create();
    at(10, 'request');
    // The server ended the connection without an answer: nothing is said but that the next one is sent.
    at(20, 'request');
    expect(book.report(true)).toMatchObject({
      sent: 2,
      undetermined: 1,
      failures: [{ reason: 'answer_cut', count: 1 }],
    });
    expect(book.report(false)).toMatchObject({
      undetermined: 0,
      failures: [{ reason: 'answer_cut', count: 2 }],
    });
  });

  it('knows a time-out in the drain, where no request follows, from a cut before', () => {
    const { book, at } = create();
    at(10, 'request');
    at(20, 'request');
    book.drain();
    at(30, 'timeout');
    const { failures } = book.report(false);
    expect(failures.map(({ reason, count }) => [reason, count])).toEqual([
      ['answer_cut', 1],
      ['timeout', 1],
    ]);
  });

  it.each([
    [
      'refused',
      (at: ReturnType<typeof create>['at']) => {
        at(10, 'request');
        at(11, 'connError', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
      },
    ],
    ['cut', (at: ReturnType<typeof create>['at']) => at(10, 'request')],
  ] as const)('gives a connection up that was %s so many times in a row', async (_, fail) => {
    const { book, client, at } = create();
    for (let time = 0; time < MOST_FAILURES_IN_A_ROW - 1; time += 1) fail(at);
    expect(book.open).toBe(1);
    for (let time = 0; time < 3; time += 1) fail(at);
    expect(book.open).toBe(0);
    expect(client.destroyed).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(client.destroyed).toBe(1);
    expect(book.report(true).givenUp).toBe(1);
  });

  it('begins to count failures anew with each answer', () => {
    const { book, at, answer } = create();
    for (let time = 0; time < 5 * MOST_FAILURES_IN_A_ROW; time += 1) {
      at(10, 'request');
      if (time % MOST_FAILURES_IN_A_ROW === 0) answer(11, 503, 'busy');
      else at(11, 'connError', new Error('reset'));
    }
    expect(book.open).toBe(1);
  });

  it('drains: no connection sends more than it has', () => {
    const { book, client } = create();
    book.drain();
    expect(client.responseMax).toBe(1);
  });
});
