/** Tick messages as PROTOCOLS has them, made the plain way: what our readers are tested against. */

import { serverFrame } from './ws-codec.ts';

export const TICK_SYMBOLS = ['AAPL', 'MSFT', 'GOOGL', 'BRK.B', 'V', 'A-LONG-SYMBOL'];
const TEXT = 1;
const BINARY = 2;

export interface TestTick {
  readonly symbolIndex: number;
  /** In cents. */
  readonly cents: number;
  readonly tsNs: bigint;
  readonly seq: number;
}

/** @param decimals of the time, 3 to 6 */
export function jsonTick({ symbolIndex, cents, tsNs, seq }: TestTick, decimals = 3): Buffer {
  const ms = tsNs / 1_000_000n;
  const fraction = String(tsNs % 1_000_000n)
    .padStart(6, '0')
    .slice(0, decimals);
  const price = (cents / 100).toFixed(2);
  const symbol = TICK_SYMBOLS[symbolIndex % TICK_SYMBOLS.length];
  return Buffer.from(`{"symbol":"${symbol}","price":${price},"ts":${ms}.${fraction},"seq":${seq}}`);
}

export function binaryTick({ symbolIndex, cents, tsNs }: TestTick): Buffer {
  const tick = Buffer.alloc(20);
  tick.writeUInt32LE(symbolIndex % TICK_SYMBOLS.length, 0);
  tick.writeDoubleLE(cents / 100, 4);
  tick.writeBigInt64LE(tsNs, 12);
  return tick;
}

export interface HelloFields {
  readonly format: string;
  /** The last tick before this connection. */
  readonly seq: number;
  readonly epochNs: bigint;
  readonly hrtimeNs: bigint;
}

export function helloText({ format, seq, epochNs, hrtimeNs }: HelloFields): string {
  return JSON.stringify({
    type: 'hello',
    symbols: TICK_SYMBOLS,
    clock: { hrtimeNs: String(hrtimeNs), epochNs: String(epochNs) },
    format,
    connectionId: 'fake-1',
    epoch: 'fake-epoch',
    seq,
  });
}

export function conflatedText(skipped: number, upToCount: number): string {
  return JSON.stringify({ type: 'conflated', skipped, upToCount });
}

/** A whole frame with a text message. */
export function textFrame(text: string | Buffer): Buffer {
  return serverFrame(TEXT, Buffer.from(text));
}

/** A whole frame with this tick. */
export function tickFrame(format: 'json' | 'binary', message: Buffer): Buffer {
  return serverFrame(format === 'json' ? TEXT : BINARY, message);
}
