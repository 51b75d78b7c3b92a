import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EndSequence } from './churn-ends.ts';
import { ChurnSchedule, type ChurnScheme, type Visit, visitCount, visitsOf } from './churn-schedule.ts';

const scheme: ChurnScheme = {
  seed: 7,
  connectsPerSecond: 200,
  churnMs: 30_000,
  stayMs: { min: 500, max: 3_000 },
  abruptRatio: 0.25,
};

function visits(plan: ChurnScheme, worker = 0, workers = 1, startUs = 5e11): Visit[] {
  const schedule = new ChurnSchedule({ plan, startUs, worker, workers });
  const taken: Visit[] = [];
  for (let dueUs = schedule.peekUs(); dueUs !== null; dueUs = schedule.peekUs()) {
    const visit = schedule.take();
    if (visit === null) throw new Error('expected a visit where one was due');
    // Without expect, which takes longer than all that is tested: this is asked a million times.
    if (visit.intendedUs !== dueUs)
      throw new Error(`expected a visit at ${dueUs}; it is at ${visit.intendedUs}`);
    taken.push(visit);
  }
  expect(schedule.take()).toBeNull();
  return taken;
}

const count = (all: readonly Visit[], end: Visit['end']): number =>
  all.filter((visit) => visit.end === end).length;

const anyScheme = fc.record({
  seed: fc.integer(),
  connectsPerSecond: fc.integer({ min: 1, max: 300 }),
  churnMs: fc.integer({ min: 1, max: 4_000 }),
  stayMs: fc
    .tuple(fc.nat(5_000), fc.nat(5_000))
    .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) })),
  abruptRatio: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('a churn schedule', () => {
  it('sends exactly the rate times the duration, evenly', () => {
    const all = visits(scheme);
    expect(all).toHaveLength(6_000);
    expect(all[0]?.intendedUs).toBe(5e11);
    expect(all[1]?.intendedUs).toBe(5e11 + 5_000);
    expect(all.at(-1)?.intendedUs).toBe(5e11 + 30e6 - 5_000);
  });

  it('ends exactly the share abruptly, one half by reset and the other by silence', () => {
    const all = visits(scheme);
    expect([count(all, 'clean'), count(all, 'reset'), count(all, 'half-open')]).toEqual([4_500, 750, 750]);
  });

  it('keeps the shares whenever it is cut short, and spreads them over the workers', () => {
    const all = visits(scheme);
    for (const length of [200, 1_000, 3_500]) {
      const abrupt = length - count(all.slice(0, length), 'clean');
      expect(abrupt).toBe(length / 4);
    }
    for (const worker of [0, 1, 2]) {
      const ours = visits(scheme, worker, 3);
      expect(ours).toHaveLength(2_000);
      expect(2_000 - count(ours, 'clean')).toBeGreaterThan(400);
      expect(2_000 - count(ours, 'clean')).toBeLessThan(600);
    }
  });

  it('is the same for the same seed, and another for another', () => {
    expect(visits(scheme)).toEqual(visits(scheme));
    const ends = (seed: number) => visits({ ...scheme, seed }).map(({ end }) => end);
    expect(ends(8)).not.toEqual(ends(7));
  });

  it('is one schedule, however many workers share it', () => {
    fc.assert(
      fc.property(anyScheme, fc.integer({ min: 1, max: 5 }), (plan, workers) => {
        const whole = visits(plan);
        const parts = Array.from({ length: workers }, (_, worker) => visits(plan, worker, workers));
        expect(whole).toHaveLength(visitCount(plan));
        parts.forEach((part, worker) => {
          expect(part).toHaveLength(visitsOf(plan, worker, workers));
        });
        const together = whole.map((_, index) => parts[index % workers]?.[Math.floor(index / workers)]);
        expect(together).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  it('has exact shares and stays within their bounds for any plan', () => {
    fc.assert(
      fc.property(anyScheme, (plan) => {
        const all = visits(plan);
        const abrupt = Math.round(all.length * plan.abruptRatio);
        expect(count(all, 'reset')).toBe(Math.ceil(abrupt / 2));
        expect(count(all, 'half-open')).toBe(Math.floor(abrupt / 2));
        const { min, max } = plan.stayMs;
        expect(all.filter(({ stayMs }) => !(stayMs >= min && stayMs <= max))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('an end sequence', () => {
  it('goes on with clean ends behind its last visit', () => {
    const ends = new EndSequence({ visits: 2, abruptRatio: 1, seed: 1 });
    const given = [ends.next(), ends.next(), ends.next()];
    expect(given.slice(0, 2).sort()).toEqual(['half-open', 'reset']);
    expect(given[2]).toBe('clean');
  });
});
