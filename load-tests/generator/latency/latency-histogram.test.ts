import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHistogram, LatencyHistogram } from './latency-histogram.ts';

const latenciesUs = fc.array(fc.double({ min: 0, max: 200_000_000, noNaN: true }), {
  minLength: 1,
  maxLength: 300,
});

function recordAll(values: readonly number[], digits: 2 | 3 = 3): LatencyHistogram {
  const histogram = new LatencyHistogram(digits);
  for (const value of values) histogram.record(value);
  return histogram;
}

/** The value that `q` of the values are at or below, by sorting. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = values.map((value) => Math.min(Math.floor(value), 120_000_000)).sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil(q * sorted.length) - 1, 0)] ?? Number.NaN;
}

describe('LatencyHistogram', () => {
  it('has no figures before anything is recorded', () => {
    const histogram = new LatencyHistogram();
    expect(histogram.count).toBe(0);
    expect(histogram.quantileMs(0.99)).toBeNull();
    expect(histogram.maxMs).toBeNull();
    expect(histogram.meanMs).toBeNull();
  });

  it('is the same behind another process, and sums up there', () => {
    fc.assert(
      fc.property(
        latenciesUs,
        latenciesUs,
        fc.constantFrom(2 as const, 3 as const),
        (here, there, digits) => {
          const sum = LatencyHistogram.unpack(recordAll(here, digits).pack(), digits);
          sum.mergePacked(recordAll(there, digits).pack());
          expect(sum.encode()).toBe(recordAll([...here, ...there], digits).encode());
        },
      ),
    );
    expect(new LatencyHistogram().pack()).toHaveLength(0);
  });

  it('takes many equal values at once', () => {
    const [at, once] = [new LatencyHistogram(), recordAll([5, 5, 5, 1_234_567, 200_000_000])];
    for (const [us, count] of [
      [5, 3],
      [1_234_567, 1],
      [200_000_000, 1],
    ] as const) {
      at.recordMany(us, count);
    }
    expect(at.encode()).toBe(once.encode());
    expect(() => at.recordMany(-1, 1)).toThrow(RangeError);
  });

  it('counts what is at most so long', () => {
    const histogram = recordAll([0, 900, 1_000, 10_000, 50_500, 130_000_000]);
    expect([0, 1, 10, 50, 60, 200_000].map((ms) => histogram.countUpToMs(ms))).toEqual([1, 3, 4, 4, 5, 6]);
  });

  it('keeps every quantile within its error bound', () => {
    fc.assert(
      fc.property(
        latenciesUs,
        fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1),
        fc.constantFrom(2, 3),
        (values, q, digits) => {
          const exactUs = exactQuantile(values, q);
          const measuredUs = (recordAll(values, digits).quantileMs(q) ?? Number.NaN) * 1_000;
          expect(measuredUs).toBeGreaterThanOrEqual(exactUs - 1e-6);
          expect(measuredUs).toBeLessThanOrEqual(exactUs * (1 + 10 ** -digits) + 1e-6);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('merges to what recording everything in one gives', () => {
    fc.assert(
      fc.property(latenciesUs, latenciesUs, (left, right) => {
        const merged = recordAll(left);
        merged.merge(recordAll(right));
        const whole = recordAll([...left, ...right]);
        expect(merged.encode()).toBe(whole.encode());
        expect(merged.count).toBe(left.length + right.length);
      }),
      { numRuns: 30 },
    );
  });

  it('survives encoding and decoding', () => {
    fc.assert(
      fc.property(latenciesUs, fc.constantFrom(2, 3), (values, digits) => {
        const histogram = recordAll(values, digits);
        const decoded = decodeHistogram(histogram.encode());
        expect(decoded.digits).toBe(digits);
        expect(decoded.count).toBe(values.length);
        expect(decoded.clampedCount).toBe(histogram.clampedCount);
        for (const q of [0, 0.5, 0.99, 1]) expect(decoded.quantileMs(q)).toBe(histogram.quantileMs(q));
      }),
      { numRuns: 30 },
    );
  });

  it('clamps what is beyond two minutes and counts it', () => {
    const histogram = recordAll([1_000, 500_000_000, 1e15]);
    expect(histogram.count).toBe(3);
    expect(histogram.clampedCount).toBe(2);
    expect(histogram.maxMs).toBe(120_000);
  });

  it('refuses what is no latency', () => {
    const histogram = new LatencyHistogram();
    expect(() => histogram.record(-1)).toThrow(RangeError);
    expect(() => histogram.record(Number.NaN)).toThrow(RangeError);
    expect(() => histogram.merge(new LatencyHistogram(2))).toThrow(RangeError);
    expect(histogram.count).toBe(0);
  });

  it('says so when a text is no histogram', () => {
    expect(() => decodeHistogram('not a histogram')).toThrow(
      expect.objectContaining({ code: 'TL_RECORD_INVALID' }),
    );
  });
});
