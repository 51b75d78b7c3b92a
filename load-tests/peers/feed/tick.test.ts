import { describe, expect, it } from 'vitest';
import { binaryTick, makeTick } from './tick.ts';

const TS_MS = 1_763_689_000_123.4568;

describe('a tick', () => {
  it('has the keys and the precision of /ticks', () => {
    expect(JSON.stringify(makeTick(8_723, TS_MS))).toBe(
      '{"symbol":"AMZN","price":187.23,"ts":1763689000123.457,"seq":8723}',
    );
  });

  it('is 20 bytes in binary: number, price, nanoseconds', () => {
    const bytes = binaryTick(8_723, TS_MS);
    expect(bytes).toHaveLength(20);
    expect(bytes.readUInt32LE(0)).toBe(8_723);
    expect(bytes.readDoubleLE(4)).toBe(187.23);
    expect(bytes.readBigInt64LE(12)).toBe(1_763_689_000_123_457_000n);
  });
});
