import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nonNegativeLeastSquares } from './non-negative-least-squares.ts';
import { capacityAt, fitScalability, type ScalabilityLaw } from './scalability-law.ts';

const RATE = 10;
const SIZES = [10, 50, 100, 500, 1_000, 5_000];

/** What tiers would show of a server that follows the law exactly. */
function tiersOf(law: ScalabilityLaw, sizes: readonly number[] = SIZES) {
  return sizes.map((connections) => ({
    connections,
    deliveriesPerSecond: RATE * connections,
    cpuCores: (RATE * connections) / capacityAt(law, connections),
  }));
}

describe('fitScalability', () => {
  it('recovers λ, σ and κ', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 500, max: 2_000, noNaN: true }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        fc.double({ min: 1e-7, max: 1e-5, noNaN: true }),
        (lambda, sigma, kappa) => {
          const fit = fitScalability(tiersOf({ lambda, sigma, kappa }), RATE);
          if (fit.state !== 'fitted') throw new Error(fit.sentence);
          expect(fit.lambda / lambda).toBeCloseTo(1, 3);
          expect(fit.sigma / sigma).toBeCloseTo(1, 3);
          expect(fit.kappa / kappa).toBeCloseTo(1, 2);
          expect(fit.r2).toBeCloseTo(1, 4);
        },
      ),
    );
  });

  it('predicts where capacity peaks and where one core is full', () => {
    const law = { lambda: 1_500, sigma: 0.02, kappa: 4e-7 };
    const fit = fitScalability(tiersOf(law), RATE);
    if (fit.state !== 'fitted') throw new Error(fit.sentence);
    expect(fit.peakConnections).toBeCloseTo(Math.sqrt(0.98 / 4e-7), -1);
    const full = fit.fullCoreConnections ?? 0;
    expect((RATE * full) / capacityAt(law, full)).toBeCloseTo(1, 2);
    expect(fit.sentence).toMatch(
      /^At 10 broadcasts\/s one server core is full at about 6,584 connections \(extrapolated\); capacity peaks at about 1,5\d\d connections\.$/,
    );
  });

  it('names no peak where nothing gets worse with more connections', () => {
    const fit = fitScalability(tiersOf({ lambda: 1_500, sigma: 0.02, kappa: 0 }), RATE);
    expect(fit).toMatchObject({ state: 'fitted', peakConnections: null });
    expect(fit.sentence).toContain('no peak within ten times');
  });

  it('refuses to predict from a server that was hardly used', () => {
    const fit = fitScalability(
      tiersOf({ lambda: 1_500, sigma: 0.02, kappa: 4e-7 }, [10, 50, 100, 200]),
      RATE,
    );
    expect(fit.state).toBe('meaningless');
    expect(fit.sentence).toContain('load was fixed at 10 broadcasts/s and no saturation was seen');
  });

  it('refuses to fit three parameters to three tiers', () => {
    const fit = fitScalability(
      tiersOf({ lambda: 1_500, sigma: 0.02, kappa: 4e-7 }, [10, 1_000, 5_000]),
      RATE,
    );
    expect(fit.state).toBe('meaningless');
    expect(fit.sentence).toContain("needs the server's CPU at 4 tiers, and 3 show it");
  });

  it('refuses where the law does not describe the tiers', () => {
    const cores = [0.5, 0.01, 0.9, 0.02, 0.7];
    const points = cores.map((cpuCores, index) => ({
      connections: 100 * (index + 1),
      deliveriesPerSecond: 1_000 * (index + 1),
      cpuCores,
    }));
    const fit = fitScalability(points, RATE);
    expect(fit.state).toBe('meaningless');
    expect(fit.sentence).toMatch(/explains (none|only \d+ %)/);
  });

  it('says nothing about no tiers', () => {
    expect(fitScalability([], 0)).toMatchObject({ state: 'meaningless', points: [] });
  });
});

describe('nonNegativeLeastSquares', () => {
  it('solves what can be solved exactly', () => {
    const solved = nonNegativeLeastSquares(
      [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      [2, 3, 5],
    );
    expect(solved[0]).toBeCloseTo(2, 9);
    expect(solved[1]).toBeCloseTo(3, 9);
  });

  it('sets to zero what would have to be negative', () => {
    const solved = nonNegativeLeastSquares(
      [
        [1, 1],
        [1, 2],
        [1, 3],
      ],
      [3, 2, 1],
    );
    expect(solved).toEqual([expect.closeTo(2, 9), 0]);
  });
});
