import { describe, expect, it } from 'vitest';
import { paceOf, pauseMs } from './tick-pace.ts';

describe('pace', () => {
  it.each([
    [1, 'interval'],
    [1_000, 'interval'],
    [1_001, 'batch'],
    [10_000, 'batch'],
    [10_001, 'loop'],
    [20_000_000, 'loop'],
  ])('at %i/s is %s', (rate, pace) => {
    expect(paceOf(rate)).toBe(pace);
  });

  it.each([
    [1, 1_000_000_000, 1_000],
    [300, 3_333_333, 4],
    [1_000, 200_000, 1],
    [1_000, -5, 1],
    [5_000, 200_000, 1],
    [50_000, 20_000, 0],
  ])('at %i/s, %i ns before the next tick, waits %i ms', (rate, untilDueNs, ms) => {
    expect(pauseMs(rate, untilDueNs)).toBe(ms);
  });
});
