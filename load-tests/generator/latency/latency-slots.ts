/** The response times of equal stretches of time, apart from each other. */

import { LatencyHistogram } from './latency-histogram.ts';

export class LatencySlots {
  readonly #startUs: number;
  readonly #lengthUs: number;
  readonly #slots: readonly LatencyHistogram[];

  /** Both times in µs. */
  constructor(startUs: number, lengthUs: number, count: number) {
    this.#startUs = startUs;
    this.#lengthUs = lengthUs;
    this.#slots = Array.from({ length: count }, () => new LatencyHistogram());
  }

  /** Under the slot of its intended time. */
  record(intendedUs: number, responseUs: number): void {
    this.#slots[((intendedUs - this.#startUs) / this.#lengthUs) | 0]?.record(responseUs);
  }

  /** Encoded, one a slot. */
  report(): readonly string[] {
    return this.#slots.map((slot) => slot.encode());
  }
}
