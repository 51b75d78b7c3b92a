/** One client's book of one room: offsets say what came, what came twice, what came late and what never came. */

export type Sighting = 'in-order' | 'out-of-order' | 'duplicate';

/** Most offsets that are remembered as missing; a gap beyond is lost for good. */
const MOST_MISSING = 100_000;

export class DeliveryLedger {
  /** The offset of the last message that is in the book, or missing. */
  #highest: number;
  #expected = 0;
  #unique = 0;
  readonly #missing = new Set<number>();

  /** @param offset the last one before the first that is owed */
  constructor(offset: number) {
    this.#highest = offset;
  }

  /** The last offset seen: where a resume goes on from. */
  get offset(): number {
    return this.#highest;
  }

  /** Messages owed so far. */
  get expected(): number {
    return this.#expected;
  }

  /** Owed messages that are not there: late ones may still come, until the room has been left. */
  get missing(): number {
    return this.#expected - this.#unique;
  }

  /** Enters one delivery. */
  take(offset: number): Sighting {
    if (offset > this.#highest) {
      this.#owe(offset - 1);
      this.#highest = offset;
      this.#expected += 1;
      this.#unique += 1;
      return 'in-order';
    }
    if (!this.#missing.delete(offset)) return 'duplicate';
    this.#unique += 1;
    return 'out-of-order';
  }

  /**
   * Everything up to here is owed now: the server said so when the room was left, and nothing comes after.
   *
   * @returns how many messages are lost
   */
  settle(lastOffset: number): number {
    this.#owe(lastOffset);
    return this.missing;
  }

  #owe(upTo: number): void {
    for (let offset = this.#highest + 1; offset <= upTo; offset += 1) {
      this.#expected += 1;
      if (this.#missing.size < MOST_MISSING) this.#missing.add(offset);
    }
    this.#highest = Math.max(this.#highest, upTo);
  }
}
