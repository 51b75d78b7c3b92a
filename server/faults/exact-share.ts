/** Picks an exact share of a stream of events by error diffusion: no randomness, no drift. */

/** Percent are counted in millionths of the whole, so that 0.001 % is exact. */
const MILLIONTHS_PER_PERCENT = 10_000;
const WHOLE = 1_000_000;

export class ExactShare {
  readonly #step: number;
  #carried = 0;

  /** @param percent 0.001 to 100 */
  constructor(percent: number) {
    this.#step = Math.round(percent * MILLIONTHS_PER_PERCENT);
  }

  /** Is the next event one of the share? Of any n in a row, n × share are, to within one. */
  next(): boolean {
    this.#carried += this.#step;
    if (this.#carried < WHOLE) return false;
    this.#carried -= WHOLE;
    return true;
  }
}
