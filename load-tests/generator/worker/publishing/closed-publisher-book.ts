/** What became of each request of a closed load, from the events of autocannon's connections. */

import type { EventEmitter } from 'node:events';
import { FailureTally } from '../../failure-tally.ts';
import type { LoadWindow } from '../../latency/latency-book.ts';
import { LatencyHistogram } from '../../latency/latency-histogram.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import type { PublishReport } from '../../worker-messages.ts';

const CREATED = 201;

/** Of the head of an answer, as autocannon's parser tells it. */
interface AnswerHead {
  readonly shouldKeepAlive?: boolean;
}

/** A connection: at most one request is under way. */
interface Lane {
  /** When it was sent, µs; null when there is none. */
  sentUs: number | null;
  /** Requests that were left when the next one was sent on a new connection, and nobody said why. */
  abandoned: number;
  /** The server said that the connection ends behind its answer: what is sent on it all the same reaches nobody. */
  isEnding: boolean;
  /** Whether any request had an outcome. */
  isHeard: boolean;
}

export class ClosedPublisherBook {
  readonly #window: LoadWindow;
  readonly #now: () => number;
  readonly #lanes: Lane[] = [];
  readonly #latency = new LatencyHistogram();
  readonly #failures = new FailureTally();
  #sent = 0;
  #accepted = 0;
  #acceptedInWindow = 0;

  constructor(window: LoadWindow, now: () => number = monotonicUs) {
    this.#window = window;
    this.#now = now;
  }

  /** Listens to a connection of autocannon from its first request on. */
  follow(client: EventEmitter): void {
    const lane: Lane = { sentUs: null, abandoned: 0, isEnding: false, isHeard: false };
    this.#lanes.push(lane);
    client.on('request', () => this.#send(lane));
    client.on('headers', ({ shouldKeepAlive }: AnswerHead) => {
      lane.isEnding = shouldKeepAlive === false;
    });
    client.on('response', (status: number) => this.#answer(lane, status));
    client.on('connError', (error: NodeJS.ErrnoException) => this.#fail(lane, error.code ?? error.message));
    client.on('timeout', () => this.#timeOut(lane));
  }

  /**
   * The load went on to its end. What is under way then is nobody's fault, but for a connection that had no answer
   * all through the load.
   */
  ended(): void {
    for (const lane of this.#lanes) {
      if (!lane.isHeard) this.#fail(lane, 'no_answer');
    }
  }

  report(): PublishReport {
    const failures = new FailureTally();
    failures.merge(this.#failures.list());
    const abandoned = this.#lanes.reduce((sum, lane) => sum + lane.abandoned, 0);
    if (abandoned > 0) failures.add('answer_cut', abandoned);
    return {
      intended: this.#sent,
      sent: this.#sent,
      acceptedCount: this.#accepted,
      failures: failures.list(),
      scheduleLag: new LatencyHistogram().encode(),
      latency: this.#latency.encode(),
      acceptedInWindow: this.#acceptedInWindow,
      accepted: [],
      unconfirmed: [],
    };
  }

  #send(lane: Lane): void {
    if (lane.isEnding) {
      // autocannon sends at once what it sends again when it has seen the end.
      lane.isEnding = false;
      return;
    }
    // A connection that the server ended is opened again without a word: its request is lost sight of.
    if (lane.sentUs !== null) lane.abandoned += 1;
    lane.sentUs = this.#now();
    this.#sent += 1;
  }

  #answer(lane: Lane, status: number): void {
    const { sentUs } = lane;
    if (sentUs === null) return;
    lane.sentUs = null;
    lane.isHeard = true;
    if (status !== CREATED) {
      this.#failures.add(`http_${status}`);
      return;
    }
    this.#accepted += 1;
    const nowUs = this.#now();
    if (nowUs < this.#window.measureStartUs || nowUs >= this.#window.measureEndUs) return;
    this.#acceptedInWindow += 1;
    this.#latency.record(nowUs - sentUs);
  }

  #fail(lane: Lane, reason: string): void {
    if (lane.sentUs === null) return;
    lane.sentUs = null;
    lane.isHeard = true;
    this.#failures.add(reason);
  }

  /** Told of after the next request was sent on a new connection: the one that was left had timed out. */
  #timeOut(lane: Lane): void {
    if (lane.abandoned === 0) return;
    lane.abandoned -= 1;
    lane.isHeard = true;
    this.#failures.add('timeout');
  }
}
