/** Prices: for each symbol a random walk in cents, seeded, kept between two bounds. */

import { SYMBOL_COUNT } from './tick-symbols.ts';

/** Three digits before the point at all times, so that every price takes the same bytes. */
export const PRICE_CENTS = { min: 10_000, max: 99_999 } as const;
const { min, max } = PRICE_CENTS;
/** A step is −8 to 8 cents. */
const STEP_MASK = 15;
const STEP_SHIFT = 8;
const ONE_MORE_BIT = 4;

export class PriceWalk {
  readonly #cents = new Int32Array(SYMBOL_COUNT);
  #random: number;

  /** @param seed the same seed gives the same prices */
  constructor(seed: number) {
    // Zero is the one state that a shift register never leaves.
    this.#random = seed | 0 || 1;
    for (let symbol = 0; symbol < SYMBOL_COUNT; symbol += 1) {
      this.#cents[symbol] = min + ((symbol * 5_431 + 8_723) % (max - min));
    }
  }

  /** Takes one step for each of `count` ticks, the symbols in turn, and puts the prices into `into`. */
  fill(into: Int32Array, firstSymbol: number, count: number): void {
    const cents = this.#cents;
    let random = this.#random;
    let symbol = firstSymbol;
    for (let index = 0; index < count; index += 1) {
      random ^= random << 13;
      random ^= random >>> 17;
      random ^= random << 5;
      let price = (cents[symbol] ?? min) + (random & STEP_MASK) - STEP_SHIFT + ((random >> ONE_MORE_BIT) & 1);
      if (price > max) price = 2 * max - price;
      else if (price < min) price = 2 * min - price;
      cents[symbol] = price;
      into[index] = price;
      symbol += 1;
      if (symbol === SYMBOL_COUNT) symbol = 0;
    }
    this.#random = random;
  }
}
