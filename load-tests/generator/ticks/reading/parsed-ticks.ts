/**
 * The same checks on whole messages, as a program that uses a WebSocket library makes them: `JSON.parse` a message.
 * Runs in a browser too.
 */

import type { TickFormat } from '../tick-plan.ts';
import { readTickControl, type TickDates, type TickHello, tickDates } from './tick-control.ts';
import { TickLedger } from './tick-ledger.ts';
import { isPlausiblePrice } from './tick-price.ts';

const BINARY_TICK_BYTES = 20;
const JSON_KEYS = 4;
const HIGH_MS = 2 ** 32 / 1e6;
const NEVER: TickDates = { earliestMs: 0, latestMs: -1 };

/** One good tick. */
export interface ParsedTick {
  readonly symbol: string;
  readonly price: number;
  /** Epoch ms. */
  readonly ts: number;
}

/** What is told beside the ticks. */
export interface ParsedTicksOptions {
  readonly format: TickFormat;
  readonly onHello: (hello: TickHello) => void;
  readonly onSkipped: (ticks: number) => void;
}

export class ParsedTicks {
  readonly ledger = new TickLedger();
  readonly #options: ParsedTicksOptions;
  #symbols: readonly string[] = [];
  #known: ReadonlySet<string> = new Set();
  #dates = NEVER;
  #hasHello = false;
  /** The newest tick: of a JSON one its message, of a binary one the halves of its time. */
  #ts = -1;
  #text = '';
  #high = -1;
  #low = 0;

  constructor(options: ParsedTicksOptions) {
    this.#options = options;
  }

  /** @returns the tick; null when it was none, or a corrupt one */
  takeText(text: string): ParsedTick | null {
    if (text.startsWith('{"type":')) {
      this.#control(text);
      return null;
    }
    if (this.#options.format !== 'json') {
      this.ledger.countForeignText();
      return null;
    }
    const tick = this.#readJson(text);
    if (tick === null) {
      this.ledger.countCorrupt();
      return null;
    }
    const order = tick.ts - this.#ts || compareExactly(text, this.#text);
    this.ledger.count(order, tick.seq);
    if (order > 0) {
      this.#ts = tick.ts;
      this.#text = text;
    }
    return tick;
  }

  /** {@link takeText} for a binary message. */
  takeBinary(view: DataView): ParsedTick | null {
    const tick = this.#options.format === 'binary' ? this.#readBinary(view) : null;
    if (tick === null) {
      this.ledger.countCorrupt();
      return null;
    }
    const low = view.getUint32(12, true);
    const high = view.getInt32(16, true);
    const order = high - this.#high || low - this.#low;
    this.ledger.countUnnumbered(order);
    if (order > 0) {
      this.#high = high;
      this.#low = low;
    }
    return tick;
  }

  #readJson(text: string): (ParsedTick & { readonly seq: number }) | null {
    const message = parse(text);
    if (typeof message !== 'object' || message === null || Object.keys(message).length !== JSON_KEYS) {
      return null;
    }
    const { symbol, price, ts, seq }: Partial<Record<string, unknown>> = { ...message };
    if (typeof symbol !== 'string' || !this.#known.has(symbol)) return null;
    if (typeof price !== 'number' || !isPlausiblePrice(price)) return null;
    if (typeof ts !== 'number' || !this.#isDate(ts)) return null;
    if (typeof seq !== 'number' || !Number.isSafeInteger(seq)) return null;
    return { symbol, price, ts, seq };
  }

  #readBinary(view: DataView): ParsedTick | null {
    if (view.byteLength !== BINARY_TICK_BYTES) return null;
    const symbol = this.#symbols[view.getUint32(0, true)];
    const price = view.getFloat64(4, true);
    const ts = view.getInt32(16, true) * HIGH_MS + view.getUint32(12, true) / 1e6;
    if (symbol === undefined || !isPlausiblePrice(price) || !this.#isDate(ts)) return null;
    return { symbol, price, ts };
  }

  #isDate(ts: number): boolean {
    return ts >= this.#dates.earliestMs && ts < this.#dates.latestMs + 1;
  }

  #control(text: string): void {
    const control = readTickControl(text);
    if (control.type === 'conflated') {
      this.ledger.countSkipped(control.skipped, control.upToCount);
      this.#options.onSkipped(control.skipped);
    } else if (control.type === 'hello' && !this.#hasHello) {
      this.#begin(control.hello);
    } else {
      this.ledger.countForeignText();
    }
  }

  #begin(hello: TickHello): void {
    this.#hasHello = true;
    this.#symbols = hello.symbols;
    this.#known = new Set(hello.symbols);
    this.#dates = tickDates(hello);
    if (this.#options.format === 'json') this.ledger.begin(hello.seq);
    this.#options.onHello(hello);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Compares the times of two ticks whose doubles are equal: these are a quarter of a microsecond apart at best, and a
 * feed above a million ticks a second has finer times.
 */
function compareExactly(text: string, newest: string): number {
  const digits = timeDigits(text);
  const newestDigits = timeDigits(newest);
  return digits === newestDigits ? 0 : digits > newestDigits ? 1 : -1;
}

/** Of one length, and so in the order of the times. */
function timeDigits(text: string): string {
  const [, ms = '', decimals = ''] = /"ts":(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return ms + decimals.padEnd(9, '0');
}
