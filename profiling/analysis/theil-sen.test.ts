import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitTheilSen, type TheilSenFit } from './theil-sen.ts';

/** @throws Error where nothing can be fitted */
function fitOf(ys: readonly number[], step = 100): TheilSenFit {
  const found = fitTheilSen(ys.map((y, index) => ({ x: (index + 1) * step, y })));
  if (found === null) throw new Error('expected a fit');
  return found;
}

/** Repeatable noise around 0: the sum of some uniform numbers. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}

const values = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 5, maxLength: 15 });

describe('the Theil–Sen slope', () => {
  it('is exact on a line', () => {
    const { slope, intercept, interval, lowerBound } = fitOf([200, 300, 400, 500, 600]);
    expect([slope, intercept, lowerBound, interval]).toEqual([1, 100, 1, [1, 1]]);
  });

  it('is not moved by one wild value', () => {
    expect(fitOf([10, 20, 30, 40, 9_000_000, 60, 70, 80, 90, 100]).slope).toBeCloseTo(0.1, 5);
  });

  it('takes its bounds from the ranked slopes', () => {
    const { slope, lowerBound, interval } = fitOf([0, 10, 15, 40, 35], 10);
    // Slopes in order: −0.5 0.5 0.75 0.833 0.875 1 1 1.333 1.5 2.5; S must reach 8 (one-sided) and 10 (two-sided).
    expect(slope).toBeCloseTo(0.9375, 9);
    expect(lowerBound).toBeCloseTo(0.5, 9);
    expect(interval).toEqual([-0.5, 2.5]);
  });

  it('has no bound below four points, and a lower one alone with four', () => {
    expect(fitOf([1, 2, 3])).toMatchObject({ lowerBound: null, interval: null });
    expect(fitOf([100, 200, 300, 400])).toMatchObject({ lowerBound: 1, interval: null });
  });

  it('needs two different x', () => {
    expect(fitTheilSen([])).toBeNull();
    expect(fitTheilSen([{ x: 1, y: 1 }])).toBeNull();
    const same = [1, 2, 3, 4, 5].map((y) => ({ x: 7, y }));
    expect(fitTheilSen(same)).toBeNull();
  });

  it('lies within its interval, whose lower end is below the one-sided bound', () => {
    fc.assert(
      fc.property(values, (ys) => {
        const { slope, lowerBound, interval } = fitOf(ys);
        if (interval === null || lowerBound === null) throw new Error('five points have both');
        expect(interval[0]).toBeLessThanOrEqual(lowerBound);
        expect(lowerBound).toBeLessThanOrEqual(slope);
        expect(slope).toBeLessThanOrEqual(interval[1]);
      }),
    );
  });

  it('follows a line that is added, and turns with the sign', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: -50, max: 50 }), (ys, added) => {
        const plain = fitOf(ys);
        const tilted = fitOf(ys.map((y, index) => y + added * (index + 1) * 100));
        expect(tilted.slope).toBeCloseTo(plain.slope + added, 6);
        expect(tilted.lowerBound).toBeCloseTo((plain.lowerBound ?? 0) + added, 6);
        const turned = fitOf(ys.map((y) => -y));
        expect(turned.slope).toBeCloseTo(-plain.slope, 6);
        expect(turned.interval?.[0]).toBeCloseTo(-(plain.interval?.[1] ?? 0), 6);
      }),
    );
  });

  it('bounds the true slope from below in 95 of 100 noisy runs, and hugs it', () => {
    const TRUE_SLOPE = 3;
    const RUNS = 2_000;
    const next = noise(42);
    let covered = 0;
    let both = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const ys = Array.from({ length: 10 }, (_, index) => TRUE_SLOPE * (index + 1) + 4 * next());
      const { lowerBound, interval } = fitOf(ys, 1);
      if ((lowerBound ?? Number.NaN) <= TRUE_SLOPE) covered += 1;
      if (interval !== null && interval[0] <= TRUE_SLOPE && TRUE_SLOPE <= interval[1]) both += 1;
    }
    // Of ten points the exact levels are 1 − 0.0363 and 1 − 2 × 0.0233; four standard errors of 2,000 runs are 0.019.
    expect(covered / RUNS).toBeGreaterThan(0.95);
    expect(covered / RUNS).toBeLessThan(0.98);
    expect(both / RUNS).toBeGreaterThan(0.935);
    expect(both / RUNS).toBeLessThan(0.972);
  });

  it('tells how likely chance makes such a trend', () => {
    expect(fitOf([1, 2, 3, 4, 5]).trendP).toBeCloseTo(1 / 120, 12);
    expect(fitOf([5, 4, 3, 2, 1]).trendP).toBeCloseTo(1, 12);
  });
});
