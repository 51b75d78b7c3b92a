/** One tick as bytes, written plainly. The writers of whole turns must agree with this; naive fan-out sends with it. */

import { OPCODE, serverFrame } from '../../hub/frames/server-frame.ts';
import { BINARY_TICK_BYTES, type TickFormat, type TickMessage } from '../../protocol/tick-messages.ts';
import type { Tick } from './tick.ts';
import { TICK_SYMBOLS } from './tick-symbols.ts';

const CENTS = 100;
const NS_PER_SECOND = 1_000_000_000n;

/** The price as it goes over the wire. */
export function priceOf({ cents }: Tick): number {
  return cents / CENTS;
}

/** Epoch ms with decimals, as text. */
export function tickTime({ epochSecond, nsInSecond }: Tick, decimals: number): string {
  const digits = String(nsInSecond).padStart(9, '0');
  return `${epochSecond}${digits.slice(0, 3)}.${digits.slice(3, 3 + decimals)}`;
}

/** `{"symbol":…,"price":…,"ts":…,"seq":…}`, every number with all its decimals. */
export function tickJson(tick: Tick, decimals: number): string {
  const { symbol, seq } = tick;
  const price = priceOf(tick).toFixed(2);
  return `{"symbol":"${TICK_SYMBOLS[symbol]}","price":${price},"ts":${tickTime(tick, decimals)},"seq":${seq}}`;
}

/** u32 symbol, f64 price, i64 epoch ns, little-endian. */
export function tickBinary(tick: Tick): Buffer {
  const bytes = Buffer.allocUnsafeSlow(BINARY_TICK_BYTES);
  bytes.writeUInt32LE(tick.symbol, 0);
  bytes.writeDoubleLE(priceOf(tick), 4);
  bytes.writeBigInt64LE(BigInt(tick.epochSecond) * NS_PER_SECOND + BigInt(tick.nsInSecond), 12);
  return bytes;
}

/** A tick as an object. Its `ts` is a double, which holds a quarter of a microsecond. */
export function tickMessage(tick: Tick, decimals: number): TickMessage {
  return {
    symbol: TICK_SYMBOLS[tick.symbol] ?? '',
    price: priceOf(tick),
    ts: Number(tickTime(tick, decimals)),
    seq: tick.seq,
  };
}

/** A tick as a naive server encodes it: an object through JSON.stringify, or a buffer of its own. ASCII either way. */
export function naiveTick(tick: Tick, format: TickFormat, decimals: number): string | Buffer {
  return format === 'json' ? JSON.stringify(tickMessage(tick, decimals)) : tickBinary(tick);
}

/** A tick in a frame of its own. */
export function tickFrame(tick: Tick, format: TickFormat, decimals: number): Buffer {
  return format === 'json'
    ? serverFrame(Buffer.from(tickJson(tick, decimals)), OPCODE.text)
    : serverFrame(tickBinary(tick), OPCODE.binary);
}
