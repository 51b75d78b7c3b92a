import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import { LOAD_METRIC_CATALOGUE } from './load-metric-catalogue.ts';
import { RunningHistogram } from './running-histogram.ts';

const BOUNDS = LOAD_METRIC_CATALOGUE.touchline_profile_delivery_latency_seconds.buckets;

function recorded(valuesUs: readonly number[], digits: 2 | 3 = 3): LatencyHistogram {
  const histogram = new LatencyHistogram(digits);
  for (const us of valuesUs) histogram.record(us);
  return histogram;
}

function bucketsOf(histogram: RunningHistogram): ReadonlyMap<string, number> {
  const buckets = histogram.samples().filter(({ part }) => part === 'bucket');
  return new Map(buckets.map(({ labels, value }) => [labels['le'] ?? '', value]));
}

const values = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 50 });

describe('RunningHistogram', () => {
  it('counts each value in the buckets it is at most the bound of', () => {
    const histogram = new RunningHistogram([0.0001, 0.000141, 0.001]);
    histogram.settle(recorded([99, 100, 101, 141, 142, 1_000, 1_100, 5_000_000]));
    expect([...bucketsOf(histogram)]).toEqual([
      ['0.0001', 2],
      ['0.000141', 4],
      ['0.001', 6],
      ['+Inf', 8],
    ]);
    const [sum, count] = histogram.samples().slice(-2);
    expect(sum).toMatchObject({ part: 'sum', value: expect.closeTo(5.002_683, 2) });
    expect(count).toMatchObject({ part: 'count', value: 8 });
  });

  it('is exact to one percent of a bound, whatever came', () => {
    fc.assert(
      fc.property(values, (valuesUs) => {
        const histogram = new RunningHistogram(BOUNDS);
        histogram.show(recorded(valuesUs, 2));
        for (const [le, count] of bucketsOf(histogram)) {
          const boundUs = Number(le === '+Inf' ? Number.POSITIVE_INFINITY : le) * 1e6;
          const upTo = (us: number) => valuesUs.filter((value) => value <= us + 0.5).length;
          expect(count).toBeGreaterThanOrEqual(upTo(boundUs));
          expect(count).toBeLessThanOrEqual(upTo(boundUs * 1.01));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('says the same of a window shown to two digits and told to three, and never goes back', () => {
    fc.assert(
      fc.property(values, values, (first, second) => {
        const histogram = new RunningHistogram(BOUNDS);
        histogram.settle(recorded(first));
        const between = bucketsOf(histogram);
        histogram.show(recorded(second, 2));
        const shown = bucketsOf(histogram);
        histogram.settle(recorded(second));
        expect(bucketsOf(histogram)).toEqual(shown);
        for (const [le, count] of shown) expect(count).toBeGreaterThanOrEqual(between.get(le) ?? 0);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps what was shown of a window that broke off', () => {
    const histogram = new RunningHistogram(BOUNDS);
    histogram.show(recorded([100, 200], 2));
    histogram.settle();
    histogram.show(recorded([300], 2));
    expect(histogram.count).toBe(3);
  });
});
