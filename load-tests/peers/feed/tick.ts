/** The message that every peer sends: a tick as `/ticks` writes it, in about 60 bytes of JSON or 20 of binary. */

const SYMBOLS = ['AAPL', 'MSFT', 'GOOG', 'AMZN'] as const;

/** Bytes of a binary tick. */
export const BINARY_TICK_BYTES = 20;

/** Key order is the order on the wire. */
export interface Tick {
  readonly symbol: string;
  readonly price: number;
  /** Epoch ms with microseconds. */
  readonly ts: number;
  /** From 1, one more each message. */
  readonly seq: number;
}

/** @param tsMs epoch ms; kept to the microsecond */
export function makeTick(seq: number, tsMs: number): Tick {
  return {
    symbol: SYMBOLS[seq % SYMBOLS.length] ?? 'AAPL',
    price: priceOf(seq),
    ts: Math.round(tsMs * 1_000) / 1_000,
    seq,
  };
}

/** u32 seq (where `/ticks` has the symbol's index), f64 price, i64 ts in epoch nanoseconds; little-endian. */
export function binaryTick(seq: number, tsMs: number): Buffer {
  const bytes = Buffer.allocUnsafe(BINARY_TICK_BYTES);
  bytes.writeUInt32LE(seq % 2 ** 32, 0);
  bytes.writeDoubleLE(priceOf(seq), 4);
  bytes.writeBigInt64LE(BigInt(Math.round(tsMs * 1_000)) * 1_000n, 12);
  return bytes;
}

/** 100.00 to 199.99. */
function priceOf(seq: number): number {
  return (10_000 + (seq % 10_000)) / 100;
}
