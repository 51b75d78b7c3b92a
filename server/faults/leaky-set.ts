/** `leak-connections`, `leak-room-members`: a set that keeps an exact share of what it is told to delete. */

import type { CountedShare } from './counted-share.ts';

export class LeakySet<Item> extends Set<Item> {
  readonly #share: CountedShare;
  readonly #leaked = new Set<Item>();
  #isLeaking = true;

  /** @param share counts what is kept; may be shared by many sets */
  constructor(share: CountedShare) {
    super();
    this.#share = share;
  }

  /** Says that the item is gone, as its caller expects; one of the share is still there. What leaked once, stays. */
  override delete(item: Item): boolean {
    if (!this.has(item) || !this.#isLeaking) return super.delete(item);
    if (this.#leaked.has(item)) return true;
    if (!this.#share.next()) return super.delete(item);
    this.#leaked.add(item);
    return true;
  }

  /** Lets go of what leaked, and leaks no more. */
  stopLeaking(): void {
    this.#isLeaking = false;
    for (const item of this.#leaked) super.delete(item);
    this.#leaked.clear();
  }
}
