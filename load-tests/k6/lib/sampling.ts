/** k6 keeps every sample of a trend until the test ends, about 16 bytes each and more while it sorts them; so one in k is kept. */

/** As many latencies as say enough of a p99: 1,000 lie above it. */
const MOST_SAMPLES = 100_000;

/**
 * @param expected samples that there would be without sampling
 * @returns k: one in so many is kept
 */
export function sampleEvery(expected: number): number {
  return Math.max(1, Math.ceil(expected / MOST_SAMPLES));
}

/** Chooses one in `every`, beginning somewhere else for each client so that they do not all keep the same broadcast. */
export class Sampler {
  readonly #every: number;
  #count: number;

  constructor(every: number, firstAt: number) {
    this.#every = every;
    this.#count = firstAt % every;
  }

  /** Whether this one is kept. */
  takes(): boolean {
    this.#count = (this.#count + 1) % this.#every;
    return this.#count === 0;
  }
}
