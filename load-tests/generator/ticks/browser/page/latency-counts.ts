/** Latencies counted in a page, to three digits, as sparse as they are. */

import type { LatencyCounts } from '../page-contract.ts';

/** Bits of a value that are kept: 2^10 steps are finer than a thousandth. */
const KEPT_BITS = 11;

export class SparseLatencies {
  readonly #counts = new Map<number, number>();
  #total = 0;
  #sumUs = 0;

  record(us: number): void {
    const shift = Math.max(32 - Math.clz32(us) - KEPT_BITS, 0);
    const kept = (us >>> shift) << shift;
    this.#counts.set(kept, (this.#counts.get(kept) ?? 0) + 1);
    this.#total += 1;
    this.#sumUs += us;
  }

  get avgMs(): number {
    return this.#total === 0 ? 0 : this.#sumUs / this.#total / 1_000;
  }

  /** @param q 0–1 */
  quantileMs(q: number): number {
    let left = Math.ceil(q * this.#total);
    for (const [us, count] of this.counts()) {
      left -= count;
      if (left <= 0) return us / 1_000;
    }
    return 0;
  }

  /** The shortest first. */
  counts(): LatencyCounts {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }
}
