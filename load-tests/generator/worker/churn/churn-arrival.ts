/** Clients that connect and become members: how long that took, and what became of each. One attempt each. */

import type { ReturnReport } from '../../churn/churn-messages.ts';
import { FailureTally } from '../../failure-tally.ts';
import { LatencyHistogram } from '../../latency/latency-histogram.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import { AnswerRound } from '../answer-round.ts';
import { Establishment } from '../establishment.ts';

/** As long as a timer can be: the round is limited once every handshake has an end. */
const UNLIMITED_MS = 2 ** 31 - 1;

export interface ArrivalOptions {
  /** The clients, by their numbers. */
  readonly numbers: readonly number[];
  /** Handshakes open at a time; as many as there are clients opens all in one go. */
  readonly inFlight: number;
  /** For each handshake; and for the last subscribes, once the last handshake is done. */
  readonly timeoutMs: number;
  readonly open: (number: number) => void;
  readonly abandon: (number: number) => void;
  /** Asks to become a member; called when the client had its welcome. */
  readonly join: (number: number) => void;
}

/** Clients are known by their place in the list here, and by their number outside. */
export class Arrival {
  readonly #options: ArrivalOptions;
  readonly #places: ReadonlyMap<number, number>;
  readonly #establishment: Establishment;
  readonly #round: AnswerRound;
  readonly #startedUs: Float64Array;
  readonly #untilMember = new LatencyHistogram();
  readonly #results = new FailureTally();
  readonly #failures = new FailureTally();
  #members = 0;
  #lastAttemptUs = 0;
  #lastMemberUs = 0;
  #isHalted = false;

  constructor(options: ArrivalOptions) {
    this.#options = options;
    const { numbers, inFlight, timeoutMs } = options;
    this.#places = new Map(numbers.map((number, place) => [number, place]));
    this.#startedUs = new Float64Array(numbers.length);
    this.#round = new AnswerRound(numbers.length, [...this.#places.values()], UNLIMITED_MS);
    this.#establishment = new Establishment({
      clients: numbers.length,
      inFlight,
      timeoutMs,
      open: (place) => this.#open(place),
      abandon: (place) => this.#abandon(place),
    });
  }

  /** Resolves when each client is a member or has failed; the failed ones are let go of. */
  async run(): Promise<void> {
    this.#establishment.start();
    await this.#establishment.done;
    if (!this.#isHalted) this.#round.limit(this.#options.timeoutMs);
    await this.#round.done;
    for (const place of this.#round.missing()) {
      // A halt leaves some untried.
      if (this.#startedUs[place] === 0) continue;
      this.#failures.add(this.#isHalted ? 'interrupted' : 'subscribe_timeout');
      this.#abandon(place);
    }
  }

  /** Opens no more, and waits no longer than `graceMs` for answers. */
  halt(graceMs: number): void {
    this.#isHalted = true;
    this.#establishment.halt();
    this.#round.limit(graceMs);
  }

  welcomed(number: number, atUs: number): void {
    if (this.#establishment.welcomed(this.#placeOf(number), atUs)) this.#options.join(number);
  }

  /** The client is a member; `result` is what the server said to its resume. */
  joined(number: number, atUs: number, result: string): void {
    const place = this.#placeOf(number);
    if (!this.#round.settle(place)) return;
    this.#members += 1;
    this.#lastMemberUs = atUs;
    this.#untilMember.record(Math.max(atUs - (this.#startedUs[place] ?? 0), 0));
    this.#results.add(result);
  }

  /** It was refused, or its connection ended before it was a member; false when nobody waited for it. */
  failed(number: number, reason: string): boolean {
    const place = this.#placeOf(number);
    const wasConnecting = this.#establishment.failed(place, reason);
    if (!this.#round.settle(place)) return false;
    if (!wasConnecting) this.#failures.add(reason);
    return true;
  }

  report(): ReturnReport {
    const connect = this.#establishment.report();
    const failures = new FailureTally();
    failures.merge(connect.failures);
    failures.merge(this.#failures.list());
    return {
      firstAttemptUs: this.#startedUs[0] ?? 0,
      lastAttemptUs: this.#lastAttemptUs,
      lastReturnUs: this.#lastMemberUs,
      recovered: this.#members,
      failures: failures.list(),
      handshake: connect.latency,
      resume: this.#untilMember.encode(),
      results: this.#results.list(),
    };
  }

  #open(place: number): void {
    const nowUs = monotonicUs();
    this.#startedUs[place] = nowUs;
    this.#lastAttemptUs = nowUs;
    this.#options.open(this.#options.numbers[place] ?? -1);
  }

  #abandon(place: number): void {
    this.#round.settle(place);
    this.#options.abandon(this.#options.numbers[place] ?? -1);
  }

  /** -1, which nobody waits for, for a number that is not in the list. */
  #placeOf(number: number): number {
    return this.#places.get(number) ?? -1;
  }
}
