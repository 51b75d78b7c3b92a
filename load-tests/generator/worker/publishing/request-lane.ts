/** One connection of autocannon, and what becomes of each request on it. */

import type { EventEmitter } from 'node:events';

/** Of the head of an answer, as autocannon's parser tells it. */
interface AnswerHead {
  readonly shouldKeepAlive?: boolean;
}

/** Who hears of it; times are µs of the monotonic clock. */
export interface LaneOutcomes {
  sent(): void;
  /** @param bytes head and body as autocannon counts them */
  answered(status: number, sentUs: number, bytes: number): void;
  failed(reason: string): void;
}

/** At most one request is under way, and each has at most one outcome. */
export class RequestLane {
  readonly #outcomes: LaneOutcomes;
  readonly #now: () => number;
  /** When the request under way was sent, µs; null when there is none. */
  #sentUs: number | null = null;
  #abandoned = 0;
  /** The server said that the connection ends behind its answer: what is sent on it all the same reaches nobody. */
  #isEnding = false;
  #isHeard = false;
  #isDraining = false;

  /** Listens to a connection of autocannon from its first request on. */
  constructor(client: EventEmitter, outcomes: LaneOutcomes, now: () => number) {
    this.#outcomes = outcomes;
    this.#now = now;
    client.on('request', () => this.#send());
    client.on('headers', ({ shouldKeepAlive }: AnswerHead) => {
      this.#isEnding = shouldKeepAlive === false;
    });
    client.on('response', (status: number, bytes: number) => this.#answer(status, bytes));
    client.on('connError', (error: NodeJS.ErrnoException) => this.fail(error.code ?? error.message));
    client.on('timeout', () => this.#timeOut());
  }

  /** Requests that were left when the next one was sent on a new connection, and nobody said why. */
  get abandoned(): number {
    return this.#abandoned;
  }

  /** Whether any request had an outcome. */
  get isHeard(): boolean {
    return this.#isHeard;
  }

  get isWaiting(): boolean {
    return this.#sentUs !== null;
  }

  /** From now on no request is sent. */
  drain(): void {
    this.#isDraining = true;
  }

  /** The request under way, if there is one, came to nothing. */
  fail(reason: string): void {
    if (this.#sentUs === null) return;
    this.#sentUs = null;
    this.#isHeard = true;
    this.#outcomes.failed(reason);
  }

  #send(): void {
    if (this.#isEnding) {
      // autocannon sends at once what it sends again when it has seen the end.
      this.#isEnding = false;
      return;
    }
    // A connection that the server ended is opened again without a word: its request is lost sight of.
    if (this.#sentUs !== null) this.#abandoned += 1;
    this.#sentUs = this.#now();
    this.#outcomes.sent();
  }

  #answer(status: number, bytes: number): void {
    const sentUs = this.#sentUs;
    if (sentUs === null) return;
    this.#sentUs = null;
    this.#isHeard = true;
    this.#outcomes.answered(status, sentUs, bytes);
  }

  /**
   * Told of after the next request was sent on a new connection: the one that was left had timed out. Where no more are
   * sent it is the one under way.
   */
  #timeOut(): void {
    if (this.#isDraining) this.fail('timeout');
    if (this.#isDraining || this.#abandoned === 0) return;
    this.#abandoned -= 1;
    this.#isHeard = true;
    this.#outcomes.failed('timeout');
  }
}
