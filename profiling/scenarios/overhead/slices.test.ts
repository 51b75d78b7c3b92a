import { describe, expect, it } from 'vitest';
import { slicesOf, slotsIn } from './slices.ts';

describe('slicesOf', () => {
  it('gives two arms turns in which neither is earlier than the other, the other way round in the next', () => {
    expect(slicesOf(['off', 'on'], 0, 2_000)).toEqual(['off', 'on', 'on', 'off']);
    expect(slicesOf(['off', 'on'], 1, 2_000)).toEqual(['on', 'off', 'off', 'on']);
  });

  it('keeps slices near half a second, and each arm has as many', () => {
    const slices = slicesOf(['off', 'on'], 0, 10_000);
    expect(slices).toHaveLength(20);
    expect(slices.filter((arm) => arm === 'on')).toHaveLength(10);
    expect(slicesOf(['off', 'on'], 0, 400)).toHaveLength(4);
  });

  it('lets edges of slices be edges of slots, and keeps no more slots than a worker takes', () => {
    for (const measureMs of [400, 2_000, 4_000, 10_000, 20_000]) {
      expect(slotsIn(measureMs) % slicesOf(['off', 'on'], 0, measureMs).length).toBe(0);
    }
    expect(slotsIn(4_000)).toBe(80);
    expect(slotsIn(600_000)).toBe(1_000);
  });

  it('leaves one arm the whole turn', () => {
    expect(slicesOf(['profile'], 1, 10_000)).toEqual(['profile']);
  });
});
