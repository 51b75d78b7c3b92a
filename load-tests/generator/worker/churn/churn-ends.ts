/** How each client of a churn ends: exact shares, in an order that the seed decides. */

import type { ClientEnd } from '../../churn/churn-plan.ts';
import { SeededRandom } from '../rng.ts';

/** Shares are exact over each block of this many clients, so that a run cut short has them too. */
const BLOCK = 20;

export interface EndSequenceOptions {
  readonly visits: number;
  /** Share of clients that end abruptly (0–1): resets and silent ones in turn. */
  readonly abruptRatio: number;
  readonly seed: number;
}

/** Gives one end after another. Pure. */
export class EndSequence {
  readonly #options: EndSequenceOptions;
  readonly #random: SeededRandom;
  #block: ClientEnd[] = [];
  #given = 0;

  constructor(options: EndSequenceOptions) {
    this.#options = options;
    this.#random = new SeededRandom(options.seed);
  }

  next(): ClientEnd {
    const place = this.#given % BLOCK;
    if (place === 0) this.#block = this.#shuffled(this.#given);
    this.#given += 1;
    return this.#block[place] ?? 'clean';
  }

  #shuffled(first: number): ClientEnd[] {
    const { visits } = this.#options;
    const end = Math.min(first + BLOCK, visits);
    const before = this.#abruptUpTo(first);
    const after = this.#abruptUpTo(end);
    const resets = Math.ceil(after / 2) - Math.ceil(before / 2);
    const block = Array.from({ length: end - first }, (_, index): ClientEnd => {
      if (index < resets) return 'reset';
      return index < after - before ? 'half-open' : 'clean';
    });
    return this.#shuffle(block);
  }

  /** Rounding the running total, not each block, is what keeps the shares exact. */
  #abruptUpTo(visits: number): number {
    return Math.round(visits * this.#options.abruptRatio);
  }

  /** Fisher and Yates. */
  #shuffle(block: ClientEnd[]): ClientEnd[] {
    for (let last = block.length - 1; last > 0; last -= 1) {
      const other = Math.floor(this.#random.next() * (last + 1));
      const [a, b] = [block[last], block[other]];
      if (a !== undefined && b !== undefined) [block[last], block[other]] = [b, a];
    }
    return block;
  }
}
