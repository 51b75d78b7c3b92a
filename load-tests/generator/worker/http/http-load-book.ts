/** What became of each request of an HTTP load, from the events of autocannon's connections; times in µs. */

import type { EventEmitter } from 'node:events';
import { FailureTally } from '../../failure-tally.ts';
import type { HttpBookReport } from '../../http/http-messages.ts';
import type { LoadWindow } from '../../latency/latency-book.ts';
import { LatencyHistogram } from '../../latency/latency-histogram.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import { RequestLane } from '../publishing/request-lane.ts';
import { AnswerSamples } from './answer-samples.ts';

/**
 * Failures in a row after which a connection is given up: autocannon connects again at once, without end and without
 * a pause, wherever nobody listens.
 */
export const MOST_FAILURES_IN_A_ROW = 10;

/** A connection of autocannon, with what its types leave out. */
export interface CannonClient extends EventEmitter {
  /** So many requests are sent, then it ends itself: after the answer to the last one. */
  responseMax?: number | undefined;
  destroy(): void;
}

interface Connection {
  readonly client: CannonClient;
  readonly lane: RequestLane;
  failuresInARow: number;
  /** Of these, cut off without a word: as many as the lane had abandoned when they were last looked at. */
  abandoned: number;
  isGivenUp: boolean;
}

export class HttpLoadBook {
  readonly #window: LoadWindow;
  /** Of the measured window; earlier than planned where the load was broken off. */
  #endUs: number;
  readonly #now: () => number;
  readonly #connections: Connection[] = [];
  readonly #firstHalf = new LatencyHistogram();
  readonly #secondHalf = new LatencyHistogram();
  readonly #seconds: readonly LatencyHistogram[];
  readonly #samples = new AnswerSamples();
  readonly #counts = new Map<number, number>();
  readonly #failures = new FailureTally();
  #sent = 0;
  #answers = 0;
  #non2xx = 0;
  #failed = 0;
  #answersInWindow = 0;
  #bytesInWindow = 0;

  constructor(window: LoadWindow, now: () => number = monotonicUs) {
    this.#window = window;
    this.#endUs = window.measureEndUs;
    this.#now = now;
    const seconds = Math.ceil((window.measureEndUs - window.measureStartUs) / 1e6);
    this.#seconds = Array.from({ length: seconds }, () => new LatencyHistogram(2));
  }

  /** Answers of any status so far. */
  get answers(): number {
    return this.#answers;
  }

  /** Requests without an answer, and answers that are no 2xx. */
  get failed(): number {
    return this.#failed + this.#non2xx;
  }

  /** Connections that have not been given up. */
  get open(): number {
    return this.#connections.filter(({ isGivenUp }) => !isGivenUp).length;
  }

  /** Listens to a connection from its first request on. */
  follow(client: CannonClient): void {
    this.#samples.follow(client);
    const lane = new RequestLane(
      client,
      {
        sent: () => this.#send(connection),
        answered: (status, sentUs, bytes) => this.#answer(connection, { status, sentUs, bytes }),
        failed: (reason) => this.#fail(connection, reason),
      },
      this.#now,
    );
    const connection: Connection = { client, lane, failuresInARow: 0, abandoned: 0, isGivenUp: false };
    this.#connections.push(connection);
  }

  /** What is answered from now on is outside the measured window. */
  endWindow(): void {
    this.#endUs = Math.min(this.#endUs, this.#now());
  }

  /** No connection sends another request; each ends when the one under way has its answer. */
  drain(): void {
    for (const { client, lane } of this.#connections) {
      lane.drain();
      client.responseMax = 1;
    }
  }

  /** Response times of the window so far, to two digits. */
  soFar(): LatencyHistogram {
    const all = new LatencyHistogram(2);
    for (const second of this.#seconds) all.merge(second);
    return all;
  }

  /** @param isBrokenOff the load did not wait for its last answers; else what has none was cut */
  report(isBrokenOff: boolean): HttpBookReport {
    const failures = new FailureTally();
    failures.merge(this.#failures.list());
    const waiting = this.#connections.filter(({ lane }) => lane.isWaiting);
    // What is sent as a connection is given up goes nowhere.
    const cutLast = isBrokenOff ? [] : waiting.filter(({ isGivenUp }) => !isGivenUp);
    const abandoned = this.#connections.reduce((sum, { lane }) => sum + lane.abandoned, 0);
    const cut = abandoned + cutLast.length;
    if (cut > 0) failures.add('answer_cut', cut);
    return {
      endUs: this.#endUs,
      sent: this.#sent,
      statuses: [...this.#counts]
        .map(([status, count]) => ({ status, count, sample: this.#samples.of(status) }))
        .sort((a, b) => a.status - b.status),
      failures: failures.list(),
      undetermined: waiting.length - cutLast.length,
      givenUp: this.#connections.length - this.open,
      answersInWindow: this.#answersInWindow,
      bytesInWindow: this.#bytesInWindow,
      firstHalf: this.#firstHalf.encode(),
      secondHalf: this.#secondHalf.encode(),
      seconds: this.#seconds.map((second, index) => ({
        elapsedMs: index * 1_000,
        deliveries: second.count,
        p50Ms: second.quantileMs(0.5),
        p99Ms: second.quantileMs(0.99),
        maxMs: second.maxMs,
      })),
    };
  }

  #send(connection: Connection): void {
    this.#sent += 1;
    const { abandoned } = connection.lane;
    const cut = abandoned - connection.abandoned;
    connection.abandoned = abandoned;
    for (let index = 0; index < cut; index += 1) this.#countFailure(connection);
  }

  #answer(
    connection: Connection,
    { status, sentUs, bytes }: { readonly status: number; readonly sentUs: number; readonly bytes: number },
  ): void {
    connection.failuresInARow = 0;
    this.#answers += 1;
    if (status < 200 || status > 299) this.#non2xx += 1;
    this.#counts.set(status, (this.#counts.get(status) ?? 0) + 1);
    const { measureStartUs, measureEndUs } = this.#window;
    const nowUs = this.#now();
    if (nowUs < measureStartUs || nowUs >= this.#endUs) return;
    this.#answersInWindow += 1;
    this.#bytesInWindow += bytes;
    const isFirstHalf = nowUs < (measureStartUs + measureEndUs) / 2;
    (isFirstHalf ? this.#firstHalf : this.#secondHalf).record(nowUs - sentUs);
    this.#seconds[Math.floor((nowUs - measureStartUs) / 1e6)]?.record(nowUs - sentUs);
  }

  #fail(connection: Connection, reason: string): void {
    this.#failures.add(reason);
    this.#countFailure(connection);
  }

  #countFailure(connection: Connection): void {
    this.#failed += 1;
    connection.failuresInARow += 1;
    if (connection.failuresInARow < MOST_FAILURES_IN_A_ROW || connection.isGivenUp) return;
    connection.isGivenUp = true;
    // Nothing is measured any more once nobody asks.
    if (this.open === 0) this.endWindow();
    // Not in the middle of what autocannon does: it would start its timer anew for a connection that has ended.
    setImmediate(() => connection.client.destroy());
  }
}
