/**
 * At which room offset each sequence number was seen, by any client of a worker. Needed for the few requests
 * that got no answer though their message was broadcast; bounded, since most are never asked for.
 */

import type { Sighting } from './known-broadcasts.ts';

/** The newest 2²⁰ numbers are kept (16 MB at most): at 1,000 broadcasts a second the last 17 minutes. */
const MAX_KEPT = 2 ** 20;
const FIRST_SIZE = 1_024;

export class Sightings {
  #seqs = new Float64Array(FIRST_SIZE).fill(-1);
  #offsets = new Float64Array(FIRST_SIZE);

  /** Some client saw `seq` at `offset`. */
  note(seq: number, offset: number): void {
    if (seq >= this.#seqs.length && this.#seqs.length < MAX_KEPT) this.#grow(seq);
    const slot = seq & (this.#seqs.length - 1);
    if (this.#seqs[slot] === seq) return;
    this.#seqs[slot] = seq;
    this.#offsets[slot] = offset;
  }

  /** Those of `seqs` that were seen. */
  find(seqs: readonly number[]): readonly Sighting[] {
    return seqs.flatMap((seq) => {
      const slot = seq & (this.#seqs.length - 1);
      return this.#seqs[slot] === seq ? [{ seq, offset: this.#offsets[slot] ?? 0 }] : [];
    });
  }

  /** Slots stay where they are: until it is full size, the store is longer than the highest number. */
  #grow(seq: number): void {
    let size = this.#seqs.length;
    while (size <= seq && size < MAX_KEPT) size *= 2;
    const seqs = new Float64Array(size).fill(-1);
    const offsets = new Float64Array(size);
    seqs.set(this.#seqs);
    offsets.set(this.#offsets);
    this.#seqs = seqs;
    this.#offsets = offsets;
  }
}
