import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kendallCritical, kendallS, kendallTail } from './kendall.ts';

function permutations(values: readonly number[]): readonly (readonly number[])[] {
  if (values.length < 2) return [values];
  return values.flatMap((value, index) =>
    permutations(values.filter((_, other) => other !== index)).map((rest) => [value, ...rest]),
  );
}

describe("Kendall's S", () => {
  it('is the number of pairs of values that rise, minus those that fall', () => {
    expect(kendallS([1, 2, 3, 4])).toBe(6);
    expect(kendallS([4, 3, 2, 1])).toBe(-6);
    expect(kendallS([2, 1, 4, 3])).toBe(2);
    expect(kendallS([5, 5, 5])).toBe(0);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('is distributed as all orders of %i values are', (n) => {
    const all = permutations(Array.from({ length: n }, (_, index) => index)).map(kendallS);
    const pairs = (n * (n - 1)) / 2;
    for (let s = -pairs; s <= pairs; s += 2) {
      const share = all.filter((found) => found >= s).length / all.length;
      expect(kendallTail(n, s)).toBeCloseTo(share, 12);
    }
  });

  it('passes from the exact to the normal distribution without a step', () => {
    // Within a thousandth near the probabilities that decide.
    for (const s of [100, 140, 160, 180]) {
      expect(Math.abs(kendallTail(40, s) - kendallTail(41, s * (41 / 40) ** 1.5))).toBeLessThan(0.003);
    }
  });

  // The smallest S whose tail is at most alpha, as tables of Kendall's S have it.
  it.each([
    [4, 0.05, 6],
    [5, 0.05, 8],
    [5, 0.025, 10],
    [6, 0.025, 13],
    [8, 0.025, 18],
    [10, 0.05, 21],
    [10, 0.025, 23],
  ])('for %i values and %f has the critical value %i', (n, alpha, critical) => {
    expect(kendallCritical(n, alpha)).toBe(critical);
  });

  it('has none where even the largest S is too likely', () => {
    expect(kendallCritical(3, 0.05)).toBeNull();
    expect(kendallCritical(4, 0.025)).toBeNull();
  });

  it('is a probability that falls as S rises', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), (n, seed) => {
        const pairs = (n * (n - 1)) / 2;
        const s = pairs - 2 * (seed % (pairs + 1));
        const tail = kendallTail(n, s);
        expect(tail).toBeGreaterThanOrEqual(0);
        expect(tail).toBeLessThanOrEqual(1);
        expect(tail).toBeGreaterThanOrEqual(kendallTail(n, s + 2));
      }),
    );
  });
});
