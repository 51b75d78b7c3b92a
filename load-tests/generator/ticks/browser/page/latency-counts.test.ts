import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SparseLatencies } from './latency-counts.ts';

it('keeps every latency within a thousandth, and counts them all', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 120_000_000 }), { minLength: 1 }), (latencies) => {
      const counted = new SparseLatencies();
      for (const us of latencies) counted.record(us);
      const sorted = [...latencies].sort((a, b) => a - b);
      const kept = counted.counts().flatMap(([us, count]) => Array<number>(count).fill(us));
      expect(kept).toHaveLength(sorted.length);
      for (const [index, us] of kept.entries()) {
        const exact = sorted[index] ?? Number.NaN;
        expect(us).toBeLessThanOrEqual(exact);
        expect(us).toBeGreaterThanOrEqual(exact * 0.999);
      }
      expect(counted.quantileMs(1)).toBe((kept.at(-1) ?? 0) / 1_000);
    }),
  );
});
