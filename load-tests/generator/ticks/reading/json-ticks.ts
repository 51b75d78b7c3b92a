/**
 * JSON ticks of one connection. Nearly every tick has the layout of the one before it: the same digits at the front
 * of its time and its number, the next number, a later time (or both the same, if it is sent again). Such ticks are recognised eight bytes at a time, many in
 * one loop, and each is checked whole; any other goes through {@link JsonTickParser}.
 */

import { fourDigits } from '../../ledger/digit-reader.ts';
import { JsonTickParser, MS_DIGITS } from './json-tick-parser.ts';
import type { SymbolTable } from './symbol-table.ts';
import type { TickDates } from './tick-control.ts';
import type { TickLedger } from './tick-ledger.ts';
import { isPriceAt } from './tick-price.ts';
import { type TickReading, type TickTimer, timeTick } from './tick-reading.ts';

/** FIN and the opcode of a text, then a length below 126. */
const TEXT_HEADER = 0x8100;
const MAX_SHORT_PAYLOAD = 125;
const HEADER_BYTES = 2;

/** `{"symbol":"` */
const HEAD_BYTES = 11;
const HEAD_FIRST = word('{"symbol');
/** The last eight of its bytes. */
const HEAD_LAST = word('ymbol":"');
/** `","price":` */
const PRICE_KEY_BYTES = 10;
const PRICE_KEY_FIRST = word('","price');
const PRICE_KEY_LAST = 0x223a;
/** `,"ts":` */
const TS_KEY_BYTES = 6;
/** Of the milliseconds, those that stay the same for 100 s, and what they count. */
const STABLE_MS_DIGITS = 8;
const STABLE_MS = 100_000;
const DOT = 0x2e;
const ZERO = 0x30;
const CLOSING_BRACE = 0x7d;
/** Before the tail: the keys, a symbol and a price of one character each. */
const LEAST_FRONT_BYTES = HEAD_BYTES + 1 + PRICE_KEY_BYTES + 1;

export interface JsonTicksOptions {
  readonly symbols: SymbolTable;
  readonly dates: TickDates;
  readonly ledger: TickLedger;
  readonly timer: TickTimer;
  readonly timeEvery: number;
  /** Makes epoch µs monotonic ones. */
  readonly toMonotonicUs: number;
}

export class JsonTicks implements TickReading {
  readonly #options: JsonTicksOptions;
  readonly #parser: JsonTickParser;
  /** The time of the newest tick. */
  #tsMs = -1;
  #tsPs = 0;
  /** Whether what follows describes the tick before. */
  #isPrimed = false;
  /** From `,"ts":` to the end. */
  #tailBytes = 0;
  /** `,"ts":` and the stable digits, in two overlapping words. */
  #tsFirst = 0;
  #tsLast = 0;
  /** `,"seq":` and all digits but the last four, likewise. */
  #seqFirst = 0;
  #seqLast = 0;
  /** The last four digits. */
  #seqLow = 0;
  /** What the stable digits of the time stand for, and the rest of it: milliseconds, and the decimals as a number. */
  #stableMs = 0;
  #ms = 0;
  #fraction = 0;
  /** Ticks with the time of the one before that are not in the ledger yet. */
  #shared = 0;
  #decimals = 0;
  /** What the last decimal counts. */
  #decimalPs = 0;

  constructor(options: JsonTicksOptions) {
    this.#options = options;
    this.#parser = new JsonTickParser(options.symbols, options.dates);
  }

  take(view: DataView, bytes: Buffer, start: number, end: number): boolean {
    const tick = this.#parser;
    this.#isPrimed = false;
    if (!tick.read(view, bytes, start, end)) return false;
    const { ledger, timeEvery, timer, toMonotonicUs } = this.#options;
    const order = tick.tsMs - this.#tsMs || tick.tsPs - this.#tsPs;
    ledger.count(order, tick.seq);
    if (ledger.received % timeEvery === 0) {
      timeTick(timer, tick.tsMs * 1_000 + tick.tsPs / 1e6 + toMonotonicUs);
    }
    if (order > 0) {
      this.#tsMs = tick.tsMs;
      this.#tsPs = tick.tsPs;
    }
    if (order >= 0 && tick.seq === ledger.lastSeq) this.#prime(view, end);
    return true;
  }

  scan(view: DataView, start: number, end: number): number {
    if (!this.#isPrimed) return start;
    const { ledger, timer, timeEvery, toMonotonicUs } = this.#options;
    const stableUs = this.#stableMs * 1_000 + toMonotonicUs;
    const firstLow = this.#seqLow;
    let low = firstLow;
    let ticks = 0;
    let untilTimed = timeEvery - (ledger.received % timeEvery);
    let at = start;
    while (at + HEADER_BYTES <= end) {
      const frameEnd = at + HEADER_BYTES + view.getUint16(at) - TEXT_HEADER;
      if (frameEnd > end || !this.#isDueAt(view, at, frameEnd)) break;
      const nextLow = fourDigits(view.getInt32(frameEnd - 5));
      // The same number again is a repetition: a feed may send one tick many times.
      if (nextLow !== low && nextLow !== low + 1) break;
      if (!this.#advance(view, frameEnd - this.#tailBytes + TS_KEY_BYTES + STABLE_MS_DIGITS)) break;
      low = nextLow;
      ticks += 1;
      at = frameEnd;
      untilTimed -= 1;
      if (untilTimed === 0) {
        untilTimed = timeEvery;
        timeTick(timer, stableUs + this.#ms * 1_000 + (this.#fraction * this.#decimalPs) / 1e6);
      }
    }
    if (ticks > 0) this.#note(ticks, low - firstLow);
    return at;
  }

  /** So many ticks were scanned, and the number grew by so much. */
  #note(ticks: number, numbers: number): void {
    const { ledger } = this.#options;
    this.#seqLow += numbers;
    this.#tsMs = this.#stableMs + this.#ms;
    this.#tsPs = this.#fraction * this.#decimalPs;
    ledger.countRun(ticks, ledger.lastSeq + numbers);
    ledger.countRepeats(ticks - numbers, this.#shared);
    this.#shared = 0;
  }

  /** Whether a whole tick stands there, but for the digits that change each time. */
  #isDueAt(view: DataView, at: number, frameEnd: number): boolean {
    const payloadBytes = frameEnd - at - HEADER_BYTES;
    const tailAt = frameEnd - this.#tailBytes;
    if (payloadBytes < LEAST_FRONT_BYTES + this.#tailBytes || payloadBytes > MAX_SHORT_PAYLOAD) return false;
    const symbolAt = at + HEADER_BYTES + HEAD_BYTES;
    if (view.getFloat64(symbolAt - HEAD_BYTES, true) !== HEAD_FIRST) return false;
    if (view.getFloat64(symbolAt - 8, true) !== HEAD_LAST) return false;
    const symbolBytes = this.#options.symbols.shortLengthAt(view, symbolAt);
    if (symbolBytes === 0) return false;
    const priceKeyAt = symbolAt + symbolBytes;
    if (view.getFloat64(priceKeyAt, true) !== PRICE_KEY_FIRST) return false;
    if (view.getUint16(priceKeyAt + 8) !== PRICE_KEY_LAST) return false;
    return isPriceAt(view, priceKeyAt + PRICE_KEY_BYTES, tailAt) && this.#isTailAt(view, tailAt, frameEnd);
  }

  /** Whether everything in the tail stands where it stood in the tick before, but what changes each time. */
  #isTailAt(view: DataView, tailAt: number, frameEnd: number): boolean {
    return (
      view.getFloat64(tailAt, true) === this.#tsFirst &&
      view.getFloat64(tailAt + TS_KEY_BYTES, true) === this.#tsLast &&
      view.getFloat64(tailAt + TS_KEY_BYTES + MS_DIGITS + 1 + this.#decimals, true) === this.#seqFirst &&
      view.getFloat64(frameEnd - 13, true) === this.#seqLast &&
      view.getUint8(frameEnd - 1) === CLOSING_BRACE
    );
  }

  /**
   * Takes the time's digits from the stable ones on: five, a dot, and the decimals. Both parts are small integers:
   * keeping them costs no allocation.
   *
   * @returns false when they are not there, or earlier than the last ones
   */
  #advance(view: DataView, at: number): boolean {
    const four = fourDigits(view.getInt32(at));
    const fifth = view.getUint8(at + 4) - ZERO;
    const dotted = view.getInt32(at + 5);
    // The dot is made a zero, so that the three decimals are read as four digits.
    let fraction = fourDigits((dotted & 0xffffff) | 0x30000000);
    if (four < 0 || fifth < 0 || fifth > 9 || dotted >>> 24 !== DOT || fraction < 0) return false;
    for (let index = 3; index < this.#decimals; index += 1) {
      const digit = view.getUint8(at + 6 + index) - ZERO;
      if (digit < 0 || digit > 9) return false;
      fraction = fraction * 10 + digit;
    }
    const ms = four * 10 + fifth;
    if (ms < this.#ms || (ms === this.#ms && fraction < this.#fraction)) return false;
    if (ms === this.#ms && fraction === this.#fraction) this.#shared += 1;
    this.#ms = ms;
    this.#fraction = fraction;
    return true;
  }

  /** Remembers the tick the parser has just read, if {@link scan} knows its layout: the next one will look like it. */
  #prime(view: DataView, end: number): void {
    const { decimals, seqDigits, seqKeyAt, tsKeyAt, seq } = this.#parser;
    // The two words cover numbers of 5 to 13 digits.
    if (decimals < 3 || seqDigits < 5 || seqDigits > 13) return;
    this.#isPrimed = true;
    this.#tailBytes = end - tsKeyAt;
    this.#tsFirst = view.getFloat64(tsKeyAt, true);
    this.#tsLast = view.getFloat64(tsKeyAt + TS_KEY_BYTES, true);
    this.#seqFirst = view.getFloat64(seqKeyAt, true);
    this.#seqLast = view.getFloat64(end - 13, true);
    this.#seqLow = seq % 10_000;
    this.#decimals = decimals;
    this.#decimalPs = 10 ** (9 - decimals);
    this.#ms = this.#tsMs % STABLE_MS;
    this.#stableMs = this.#tsMs - this.#ms;
    this.#fraction = Math.round(this.#tsPs / this.#decimalPs);
  }
}

/** Eight bytes of ASCII as a little-endian double: none is NaN or -0, so equal doubles are equal bytes. */
function word(text: string): number {
  return Buffer.from(text, 'latin1').readDoubleLE(0);
}
