import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../load-tests/generator/worker/rng.ts';
import { estimateMean, pairsToSettle } from './paired-mean.ts';

const difference = fc.double({ min: -1_000, max: 1_000, noNaN: true });

describe('estimateMean', () => {
  it('gives the interval of the textbook', () => {
    // Mean 2, deviation 2, t(2) = 4.303, half 4.969.
    const found = estimateMean([0, 2, 4]);
    expect(found).toMatchObject({ mean: 2, deviation: 2, pairs: 3 });
    expect(found?.low).toBeCloseTo(2 - 4.969, 3);
    expect(found?.high).toBeCloseTo(2 + 4.969, 3);
  });

  it('turns round with its differences', () => {
    fc.assert(
      fc.property(fc.array(difference, { minLength: 2, maxLength: 20 }), (differences) => {
        const there = estimateMean(differences);
        const back = estimateMean(differences.map((value) => -value));
        expect(back?.mean).toBeCloseTo(-(there?.mean ?? 0), 6);
        expect(back?.low).toBeCloseTo(-(there?.high ?? 0), 6);
      }),
    );
  });

  it('says nothing of one pair', () => {
    expect([estimateMean([]), estimateMean([1.1])]).toEqual([null, null]);
  });

  it('is not sure of a mean that one pair makes', () => {
    const found = estimateMean([0, 0, 0, 0, 0, 0, 0, 80]);
    expect(found?.mean).toBe(10);
    expect(found?.low).toBeLessThan(0);
  });

  it('holds the truth about nineteen times in twenty', () => {
    const rng = new SeededRandom(7);
    const noise = () => [1, 2, 3, 4, 5, 6].reduce((sum) => sum + rng.next() - 0.5, 0);
    let held = 0;
    for (let trial = 0; trial < 1_000; trial += 1) {
      const found = estimateMean(Array.from({ length: 8 }, () => 0.3 + noise()));
      if (found !== null && found.low <= 0.3 && found.high >= 0.3) held += 1;
    }
    expect(held).toBeGreaterThan(920);
    expect(held).toBeLessThan(980);
  });
});

describe('pairsToSettle', () => {
  it('is as many as bring the interval off the limit, on either side of it', () => {
    for (const mean of [4, 6]) {
      const count = pairsToSettle({ mean, deviation: 3, pairs: 10 }, 5);
      // z 1.96 × 3 ÷ 1 = 5.88, squared 34.6, and a few for t.
      expect(count).toBeGreaterThanOrEqual(35);
      expect(count).toBeLessThanOrEqual(39);
    }
  });

  it('gives up where the limit is too near', () => {
    expect(pairsToSettle({ mean: 5.01, deviation: 3, pairs: 10 }, 5)).toBeNull();
  });
});
