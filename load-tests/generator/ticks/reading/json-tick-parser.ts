/**
 * Reads one JSON tick with care: every key and every character must be where PROTOCOLS puts it. What it found is left
 * in fields, so that nothing is made per message.
 */

import { ByteTemplate } from '../../../workloads/byte-template.ts';
import { AFTER_SYMBOL, type SymbolTable } from './symbol-table.ts';
import type { TickDates } from './tick-control.ts';
import { isPriceAt } from './tick-price.ts';

const HEAD = new ByteTemplate('{"symbol":"');
const PRICE_KEY = new ByteTemplate(AFTER_SYMBOL);
const TS_KEY = new ByteTemplate(',"ts":');
const SEQ_KEY = new ByteTemplate(',"seq":');

const ZERO = 0x30;
const QUOTE = 0x22;
const COMMA = 0x2c;
const DOT = 0x2e;
const CLOSING_BRACE = 0x7d;

/** Epoch milliseconds have so many digits from 2001 to 2286. */
export const MS_DIGITS = 13;
/** Decimals of a time that are told apart: down to a picosecond. */
const MAX_DECIMALS = 9;
const MAX_SEQ_DIGITS = 15;
const SHORTEST_SYMBOL_ROOM = 8;

export class JsonTickParser {
  /** Of the tick that was read last: whole epoch milliseconds, and the picoseconds behind them. */
  tsMs = 0;
  tsPs = 0;
  seq = 0;
  /** Where the keys `,"ts":` and `,"seq":` stood, how many decimals the time had and how many digits the number. */
  tsKeyAt = 0;
  seqKeyAt = 0;
  decimals = 0;
  seqDigits = 0;
  readonly #symbols: SymbolTable;
  readonly #dates: TickDates;
  /** The number {@link #readDigits} read. */
  #value = 0;

  constructor(symbols: SymbolTable, dates: TickDates) {
    this.#symbols = symbols;
    this.#dates = dates;
  }

  /** Whether `bytes[start, end)`, which `view` shows too, is a tick. */
  read(view: DataView, bytes: Buffer, start: number, end: number): boolean {
    if (!HEAD.isAt(view, start, end)) return false;
    const priceKeyAt = this.#readSymbol(view, bytes, start + HEAD.length, end);
    if (priceKeyAt < 0 || !PRICE_KEY.isAt(view, priceKeyAt, end)) return false;
    const priceAt = priceKeyAt + PRICE_KEY.length;
    this.tsKeyAt = indexOfByte(view, priceAt, end, COMMA);
    if (!TS_KEY.isAt(view, this.tsKeyAt, end) || !isPriceAt(view, priceAt, this.tsKeyAt)) return false;
    if (!this.#readTime(view, this.tsKeyAt + TS_KEY.length, end)) return false;
    return SEQ_KEY.isAt(view, this.seqKeyAt, end) && this.#readSeq(view, this.seqKeyAt + SEQ_KEY.length, end);
  }

  /** @returns where the quote behind the symbol is; -1 when there is no known symbol */
  #readSymbol(view: DataView, bytes: Buffer, at: number, end: number): number {
    if (at + SHORTEST_SYMBOL_ROOM <= end) {
      const length = this.#symbols.shortLengthAt(view, at);
      if (length > 0) return at + length;
    }
    const quoteAt = indexOfByte(view, at, end, QUOTE);
    return this.#symbols.isSymbol(bytes, at, quoteAt) ? quoteAt : -1;
  }

  #readTime(view: DataView, at: number, end: number): boolean {
    if (this.#readDigits(view, at, Math.min(at + MS_DIGITS, end)) !== at + MS_DIGITS) return false;
    this.tsMs = this.#value;
    let position = at + MS_DIGITS;
    this.decimals = 0;
    this.tsPs = 0;
    if (position < end && view.getUint8(position) === DOT) {
      const fractionAt = position + 1;
      position = this.#readDigits(view, fractionAt, Math.min(fractionAt + MAX_DECIMALS, end));
      this.decimals = position - fractionAt;
      if (this.decimals === 0) return false;
      this.tsPs = this.#value * 10 ** (MAX_DECIMALS - this.decimals);
    }
    this.seqKeyAt = position;
    const { earliestMs, latestMs } = this.#dates;
    return this.tsMs >= earliestMs && this.tsMs <= latestMs;
  }

  #readSeq(view: DataView, at: number, end: number): boolean {
    const digitsEnd = this.#readDigits(view, at, Math.min(at + MAX_SEQ_DIGITS, end));
    this.seqDigits = digitsEnd - at;
    this.seq = this.#value;
    if (digitsEnd !== end - 1 || view.getUint8(digitsEnd) !== CLOSING_BRACE) return false;
    return this.seqDigits === 1 || (this.seqDigits > 1 && view.getUint8(at) !== ZERO);
  }

  /** @returns where the digits that begin at `at` end, at most `limit` */
  #readDigits(view: DataView, at: number, limit: number): number {
    let value = 0;
    let position = at;
    while (position < limit) {
      const digit = view.getUint8(position) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      position += 1;
    }
    this.#value = value;
    return position;
  }
}

/** Where the byte is, or `end`. */
function indexOfByte(view: DataView, start: number, end: number, byte: number): number {
  let at = start;
  while (at < end && view.getUint8(at) !== byte) at += 1;
  return at;
}
