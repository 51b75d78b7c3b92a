/**
 * When to send, decided before anything is sent (open model): a slow server changes no intended time, so
 * waiting shows as latency instead of being left out.
 *
 * @see https://www.scylladb.com/2021/04/22/on-coordinated-omission/
 */

import type { Arrival } from '../../load-plan.ts';
import { SeededRandom } from '../rng.ts';

export interface PacerOptions {
  readonly arrival: Arrival;
  readonly perSecond: number;
  readonly seed: number;
  /** When the load starts and ends, µs of the shared monotonic clock; the end is exclusive. */
  readonly startUs: number;
  readonly endUs: number;
}

/** Gives intended send times in order. Pure: neither reads a clock nor waits. */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #random: SeededRandom;
  #index = 0;
  #nextUs: number;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#random = new SeededRandom(options.seed);
    this.#nextUs = options.startUs;
    // A Poisson process has no event at its very start; an even one does.
    if (options.arrival === 'poisson') this.#advance();
  }

  /** The next intended time (µs) without taking it; null when the schedule is over. */
  peekUs(): number | null {
    return this.#nextUs < this.#options.endUs ? this.#nextUs : null;
  }

  /** Takes the next intended time (µs); null when the schedule is over. */
  takeUs(): number | null {
    const intendedUs = this.peekUs();
    if (intendedUs !== null) this.#advance();
    return intendedUs;
  }

  #advance(): void {
    const { arrival, perSecond, startUs } = this.#options;
    if (arrival === 'poisson') {
      this.#nextUs += (this.#random.nextExponential() * 1e6) / perSecond;
      return;
    }
    this.#index += 1;
    // From the start each time, so that rounding never adds up.
    this.#nextUs = startUs + (this.#index * 1e6) / perSecond;
  }
}
