/** Numbers of a sequence that were left out so far, and may still come late. */

/** Stretches that are kept: what comes later than these many is taken for a repetition. */
const MAX_STRETCHES = 1_024;

/** Costs nothing while nothing is missing. */
export class OpenGaps {
  readonly #firsts: number[] = [];
  readonly #lasts: number[] = [];
  #count = 0;

  /** How many numbers never came, so far. */
  get count(): number {
    return this.#count;
  }

  /** The numbers from `first` to `last` were left out; later stretches come later. */
  open(first: number, last: number): void {
    this.#count += last - first + 1;
    this.#firsts.push(first);
    this.#lasts.push(last);
    if (this.#firsts.length > MAX_STRETCHES) {
      this.#firsts.shift();
      this.#lasts.shift();
    }
  }

  /** A number below the highest came; false when it is not known as missing. */
  fill(number: number): boolean {
    // Nearly always it is one of the latest.
    for (let index = this.#firsts.length - 1; index >= 0; index -= 1) {
      const first = this.#firsts[index] ?? 0;
      const last = this.#lasts[index] ?? 0;
      if (number > last) return false;
      if (number < first) continue;
      this.#count -= 1;
      this.#split(index, number);
      return true;
    }
    return false;
  }

  #split(index: number, number: number): void {
    const first = this.#firsts[index] ?? 0;
    const last = this.#lasts[index] ?? 0;
    const rest: (readonly [number, number])[] = [];
    if (first < number) rest.push([first, number - 1]);
    if (number < last) rest.push([number + 1, last]);
    this.#firsts.splice(index, 1, ...rest.map(([from]) => from));
    this.#lasts.splice(index, 1, ...rest.map(([, to]) => to));
  }
}
