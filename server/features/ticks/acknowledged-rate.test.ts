import { describe, expect, it } from 'vitest';
import { AcknowledgedRate } from './acknowledged-rate.ts';

describe('AcknowledgedRate', () => {
  it.each([100, 250, 999, 1_000, 1_001, 2_500])('is steady when acknowledged every %i ms', (everyMs) => {
    const rate = new AcknowledgedRate(0);
    expect(rate.perSecond(0)).toBe(0);
    for (let atMs = everyMs; atMs < 20_000; atMs += everyMs) {
      rate.acknowledged(atMs * 5, atMs);
      expect(rate.perSecond(atMs)).toBeCloseTo(5_000);
      expect(rate.perSecond(atMs + everyMs - 1)).toBeCloseTo(5_000);
    }
  });

  it('follows a change within two seconds, and is zero after silence', () => {
    const rate = new AcknowledgedRate(0);
    rate.acknowledged(1_000, 1_000);
    rate.acknowledged(1_000, 2_000);
    rate.acknowledged(1_000, 3_000);
    expect(rate.perSecond(3_000)).toBe(0);
    rate.acknowledged(9_000, 4_000);
    expect(rate.perSecond(7_000)).toBe(8_000);
    expect(rate.perSecond(7_001)).toBe(0);
  });
});
