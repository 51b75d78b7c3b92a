import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../load-tests/generator/worker/rng.ts';
import { estimateRatio, pairsToSettle } from './paired-ratio.ts';

const ratio = fc.double({ min: 0.01, max: 100, noNaN: true });

describe('estimateRatio', () => {
  it('is the geometric mean, inside its interval', () => {
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 2, maxLength: 40 }), (ratios) => {
        const found = estimateRatio(ratios);
        const mean = ratios.reduce((product, value) => product * value ** (1 / ratios.length), 1);
        expect(found?.ratio).toBeCloseTo(mean, 6);
        expect(found?.low).toBeLessThanOrEqual(found?.ratio ?? 0);
        expect(found?.high).toBeGreaterThanOrEqual(found?.ratio ?? 0);
        expect(found?.pairs).toBe(ratios.length);
      }),
    );
  });

  it('turns round with its ratios: what one side gains the other loses', () => {
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 2, maxLength: 20 }), (ratios) => {
        const there = estimateRatio(ratios);
        const back = estimateRatio(ratios.map((value) => 1 / value));
        expect(back?.ratio).toBeCloseTo(1 / (there?.ratio ?? 0), 6);
        expect((back?.low ?? 0) * (there?.high ?? 0)).toBeCloseTo(1, 6);
      }),
    );
  });

  it('gives the interval of the textbook', () => {
    // Logs 0.00, 0.02, 0.04: mean 0.02, deviation 0.02, t(2) = 4.303, half 0.0497.
    const found = estimateRatio([0, 0.02, 0.04].map(Math.exp));
    expect(Math.log(found?.low ?? 0)).toBeCloseTo(0.02 - 0.04969, 4);
    expect(Math.log(found?.high ?? 0)).toBeCloseTo(0.02 + 0.04969, 4);
  });

  it('says nothing of one pair', () => {
    expect([estimateRatio([]), estimateRatio([1.1])]).toEqual([null, null]);
  });

  it('holds the truth about nineteen times in twenty', () => {
    const rng = new SeededRandom(7);
    const noise = () => [1, 2, 3, 4, 5, 6].reduce((sum) => sum + rng.next() - 0.5, 0) * 0.04;
    let held = 0;
    for (let trial = 0; trial < 1_000; trial += 1) {
      const found = estimateRatio(Array.from({ length: 8 }, () => 0.97 * Math.exp(noise())));
      if (found !== null && found.low <= 0.97 && found.high >= 0.97) held += 1;
    }
    expect(held).toBeGreaterThan(920);
    expect(held).toBeLessThan(980);
  });
});

describe('pairsToSettle', () => {
  const estimate = { ratio: 0.99, low: 0.97, high: 1.01, pairs: 10, deviation: 0.03 };

  it('is as many as bring the interval off the limit', () => {
    const count = pairsToSettle(estimate, 0.98);
    // z 1.96 × 0.03 ÷ ln(0.99 ÷ 0.98) = 5.79, squared 33.5, and a few for t.
    expect(count).toBeGreaterThanOrEqual(34);
    expect(count).toBeLessThanOrEqual(38);
  });

  it('gives up where the limit is too near', () => {
    expect(pairsToSettle({ ...estimate, ratio: 0.98001 }, 0.98)).toBeNull();
  });
});
