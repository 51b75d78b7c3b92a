import { describe, expect, it } from 'vitest';
import { SamplingPace } from './sampling-pace.ts';

/** A pace that has been sampled punctually every 10 ms until `untilMs`, the loop busy for this share of the time. */
function paceAfter(untilMs: number, busyRatio: number): SamplingPace {
  let nowMs = 0;
  const pace = new SamplingPace(0, () => nowMs * busyRatio);
  for (nowMs = 10; nowMs <= untilMs; nowMs += 10) pace.sampled(nowMs, 0);
  return pace;
}

describe('SamplingPace', () => {
  it('begins densely and stays so until a second of idling has passed', () => {
    expect(paceAfter(0, 0).periodMs).toBe(10);
    expect(paceAfter(990, 0.01).periodMs).toBe(10);
    expect(paceAfter(1_000, 0.01).periodMs).toBe(40);
  });

  it.each([
    [0.029, 40],
    [0.031, 10],
    [0.9, 10],
  ])('at a utilisation of %s samples every %s ms', (busyRatio, periodMs) => {
    expect(paceAfter(3_000, busyRatio).periodMs).toBe(periodMs);
  });

  it('returns to dense sampling at once when a sample was late, and for a second at least', () => {
    const pace = paceAfter(2_000, 0);
    expect(pace.periodMs).toBe(40);
    pace.sampled(2_100, 60);
    expect(pace.periodMs).toBe(10);
    pace.sampled(3_090, 0);
    expect(pace.periodMs).toBe(10);
  });

  it('returns to dense sampling within a second of work that never makes a sample late', () => {
    let activeMs = 0;
    const pace = new SamplingPace(0, () => activeMs);
    pace.sampled(1_000, 0);
    expect(pace.periodMs).toBe(40);
    activeMs = 200;
    pace.sampled(2_000, 0);
    expect(pace.periodMs).toBe(10);
  });
});
