import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLine, lineBandAt } from './least-squares.ts';

const number = fc.double({ min: -1e4, max: 1e4, noNaN: true });

/** A seeded generator and the Box–Muller transform, so that coverage is the same on every run. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / 4_294_967_297;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

describe('fitLine', () => {
  it('finds the line that points lie on', () => {
    fc.assert(
      fc.property(
        number,
        number,
        fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 3 }),
        (slope, intercept, xs) => {
          const fit = fitLine(xs.map((x) => ({ x, y: intercept + slope * x })));
          expect(fit?.slope).toBeCloseTo(slope, 4);
          expect(fit?.intercept).toBeCloseTo(intercept, 3);
        },
      ),
    );
  });

  it('agrees with a worked example', () => {
    // NIST StRD "Norris" needs 36 points; this is Anscombe's first set, slope 0.500 with standard error 0.118.
    const xs = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const ys = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    const fit = fitLine(xs.map((x, index) => ({ x, y: ys[index] ?? 0 })));
    expect(fit?.slope).toBeCloseTo(0.5001, 4);
    expect(fit?.intercept).toBeCloseTo(3.0001, 4);
    expect(fit?.r2).toBeCloseTo(0.6665, 4);
    expect(fit?.slopeLow).toBeCloseTo(0.5001 - 2.262 * 0.11791, 3);
    expect(fit?.slopeHigh).toBeCloseTo(0.5001 + 2.262 * 0.11791, 3);
  });

  it('covers the true slope in 95 of 100 simulated runs', () => {
    const noise = normals(20_261_121);
    const xs = [0, 10, 50, 100, 500, 1000];
    const runs = 2_000;
    let covered = 0;
    for (let run = 0; run < runs; run += 1) {
      const fit = fitLine(xs.map((x) => ({ x, y: 60e6 + 8_000 * x + 300_000 * noise() })));
      if ((fit?.slopeLow ?? 0) <= 8_000 && 8_000 <= (fit?.slopeHigh ?? 0)) covered += 1;
    }
    expect(covered / runs).toBeGreaterThan(0.935);
    expect(covered / runs).toBeLessThan(0.965);
  });

  it('gives no interval for two points, and no line for one place', () => {
    const two = fitLine([
      { x: 0, y: 1 },
      { x: 2, y: 5 },
    ]);
    expect(two).toMatchObject({ slope: 2, intercept: 1, slopeLow: null, slopeHigh: null });
    expect(two === null ? 0 : lineBandAt(two, 1)).toBeNull();
    expect(fitLine([])).toBeNull();
    expect(
      fitLine([
        { x: 3, y: 1 },
        { x: 3, y: 2 },
      ]),
    ).toBeNull();
  });

  it('has no R² where nothing varies', () => {
    expect(
      fitLine([
        { x: 0, y: 4 },
        { x: 1, y: 4 },
        { x: 2, y: 4 },
      ]),
    ).toMatchObject({ slope: 0, r2: null });
  });
});

describe('lineBandAt', () => {
  it('is narrowest in the middle of the points', () => {
    const fit = fitLine([0, 1, 2, 3, 4].map((x) => ({ x, y: x + (x % 2) })));
    if (fit === null) throw new Error('five points make a line');
    const middle = lineBandAt(fit, 2) ?? 0;
    expect(middle).toBeGreaterThan(0);
    expect(lineBandAt(fit, 0)).toBeGreaterThan(middle);
    expect(lineBandAt(fit, 4)).toBeCloseTo(lineBandAt(fit, 0) ?? 0, 9);
  });
});
