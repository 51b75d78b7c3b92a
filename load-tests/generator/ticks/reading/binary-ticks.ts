/**
 * Binary ticks of one connection: u32 symbol, f64 price, i64 nanoseconds, little-endian. A time is compared as its two
 * halves, since a double cannot hold nanoseconds of this century.
 */

import type { SymbolTable } from './symbol-table.ts';
import type { TickDates } from './tick-control.ts';
import type { TickLedger } from './tick-ledger.ts';
import { isPlausiblePrice } from './tick-price.ts';
import { type TickReading, type TickTimer, timeTick } from './tick-reading.ts';

export const BINARY_TICK_BYTES = 20;
const HEADER_BYTES = 2;
/** FIN and the opcode of a binary message, then its length. */
const HEADER = 0x8200 | BINARY_TICK_BYTES;
const FRAME_BYTES = HEADER_BYTES + BINARY_TICK_BYTES;
const PRICE_AT = 4;
const TS_LOW_AT = 12;
const TS_HIGH_AT = 16;
/** What the upper half of a time counts, in µs. */
const HIGH_US = 2 ** 32 / 1_000;

export interface BinaryTicksOptions {
  readonly symbols: Pick<SymbolTable, 'size'>;
  readonly dates: TickDates;
  readonly ledger: TickLedger;
  readonly timer: TickTimer;
  readonly timeEvery: number;
  /** Makes epoch µs monotonic ones. */
  readonly toMonotonicUs: number;
}

export class BinaryTicks implements TickReading {
  readonly #options: BinaryTicksOptions;
  /** The time of the newest tick. */
  #high = -1;
  #low = 0;

  constructor(options: BinaryTicksOptions) {
    this.#options = options;
  }

  take(view: DataView, _bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start !== BINARY_TICK_BYTES) return false;
    const { dates, ledger, symbols, timeEvery, timer, toMonotonicUs } = this.#options;
    const high = view.getInt32(start + TS_HIGH_AT, true);
    const low = view.getUint32(start + TS_LOW_AT, true);
    const epochUs = epochUsOf(high, low);
    if (view.getUint32(start, true) >= symbols.size) return false;
    if (!isPlausiblePrice(view.getFloat64(start + PRICE_AT, true))) return false;
    if (!(epochUs >= dates.earliestMs * 1_000 && epochUs <= dates.latestMs * 1_000)) return false;
    const order = high - this.#high || low - this.#low;
    ledger.countUnnumbered(order);
    if (ledger.received % timeEvery === 0) timeTick(timer, epochUs + toMonotonicUs);
    if (order > 0) {
      this.#high = high;
      this.#low = low;
    }
    return true;
  }

  scan(view: DataView, start: number, end: number): number {
    const { ledger, symbols, timer, timeEvery, toMonotonicUs } = this.#options;
    const { size } = symbols;
    // A tick in a new upper half, every 4.3 s, is left to take(), which looks at its date.
    const high = this.#high;
    let low = this.#low;
    let untilTimed = timeEvery - (ledger.received % timeEvery);
    let at = start;
    let shared = 0;
    while (at + FRAME_BYTES <= end) {
      const nextLow = view.getUint32(at + HEADER_BYTES + TS_LOW_AT, true);
      const price = view.getFloat64(at + HEADER_BYTES + PRICE_AT, true);
      if (view.getUint16(at) !== HEADER) break;
      if (view.getUint32(at + HEADER_BYTES, true) >= size) break;
      if (!isPlausiblePrice(price)) break;
      if (view.getInt32(at + HEADER_BYTES + TS_HIGH_AT, true) !== high || nextLow < low) break;
      if (nextLow === low) shared += 1;
      low = nextLow;
      at += FRAME_BYTES;
      untilTimed -= 1;
      if (untilTimed === 0) {
        untilTimed = timeEvery;
        timeTick(timer, epochUsOf(high, low) + toMonotonicUs);
      }
    }
    this.#low = low;
    ledger.countUnnumberedRun((at - start) / FRAME_BYTES);
    ledger.countRepeats(0, shared);
    return at;
  }
}

function epochUsOf(high: number, low: number): number {
  return high * HIGH_US + low / 1_000;
}
