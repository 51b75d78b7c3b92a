import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pacer, type PacerOptions } from './pacer.ts';

function schedule(options: Partial<PacerOptions>): readonly number[] {
  const pacer = new Pacer({ arrival: 'uniform', perSecond: 10, seed: 1, startUs: 0, endUs: 1e6, ...options });
  const times: number[] = [];
  for (let next = pacer.takeUs(); next !== null; next = pacer.takeUs()) times.push(next);
  return times;
}

describe('Pacer', () => {
  it('spaces even sends evenly, from the start on, without the end', () => {
    expect(schedule({ perSecond: 4, startUs: 1e6, endUs: 2e6 })).toEqual([1e6, 1.25e6, 1.5e6, 1.75e6]);
  });

  it('does not drift at rates that do not divide a second', () => {
    const times = schedule({ perSecond: 3, endUs: 1_000e6 });
    expect(times).toHaveLength(3_000);
    expect(times[2_997]).toBeCloseTo(999e6, 3);
  });

  it('shows the next time without taking it', () => {
    const pacer = new Pacer({ arrival: 'uniform', perSecond: 2, seed: 1, startUs: 0, endUs: 1e6 });
    expect([pacer.peekUs(), pacer.peekUs(), pacer.takeUs(), pacer.takeUs(), pacer.peekUs()]).toEqual([
      0,
      0,
      0,
      500_000,
      null,
    ]);
  });

  it('gives the same Poisson schedule for the same seed, another for another', () => {
    const first = schedule({ arrival: 'poisson', seed: 7 });
    expect(schedule({ arrival: 'poisson', seed: 7 })).toEqual(first);
    expect(schedule({ arrival: 'poisson', seed: 8 })).not.toEqual(first);
  });

  it('keeps a Poisson rate and its spread', () => {
    const times = schedule({ arrival: 'poisson', perSecond: 1_000, endUs: 20e6 });
    // 20,000 events: four standard deviations are 566.
    expect(Math.abs(times.length - 20_000)).toBeLessThan(566);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    // The gaps of a Poisson process are spread as wide as they are long.
    expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1);
  });

  it('never goes back and never leaves the window', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('uniform', 'poisson'),
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer(),
        (arrival, perSecond, seed) => {
          const times = schedule({ arrival, perSecond, seed, startUs: 5e6, endUs: 6e6 });
          for (const [index, time] of times.entries()) {
            expect(time).toBeGreaterThanOrEqual(times[index - 1] ?? 5e6);
            expect(time).toBeLessThan(6e6);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
