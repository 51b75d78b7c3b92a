/** A counter over several loads, one after the other: what they came to, and what the present one has come to so far. */

/** Never goes backwards, even where a load's last word is less than what was shown of it. */
export class RunningCounter {
  #finished = 0;
  #present = 0;

  /** What the present load has come to. */
  show(soFar: number): void {
    this.#present = Math.max(this.#present, soFar);
  }

  /** The present load is over, and came to this. */
  settle(total: number): void {
    this.#finished += Math.max(this.#present, total);
    this.#present = 0;
  }

  get total(): number {
    return this.#finished + this.#present;
  }
}
