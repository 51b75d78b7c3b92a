import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FanOutReport } from '../latency/fan-out-book.ts';
import { decodeHistogram } from '../latency/latency-histogram.ts';
import type { FanOutShape } from '../load-result.ts';
import { mergeFanOut } from './merge-fan-out.ts';

/** @param rows sequence number → µs of each client; 0 where nothing came */
function report(
  rows: Readonly<Record<number, readonly number[]>>,
  acknowledgedUs: readonly number[],
): FanOutReport {
  return {
    everyNth: 1,
    seqs: Float64Array.from(Object.keys(rows), Number),
    cells: Uint32Array.from(Object.values(rows).flat()),
    acknowledgedUs: Float64Array.from(acknowledgedUs),
  };
}

function shapeOf(reports: readonly FanOutReport[]): FanOutShape {
  const shape = mergeFanOut(reports);
  if (shape === undefined) throw new Error('expected a shape');
  return shape;
}

/** All values of a histogram of few, in µs. */
function medianUs(encoded: string): number | null {
  const ms = decodeHistogram(encoded).quantileMs(0.5);
  return ms === null ? null : Math.round(ms * 1_000);
}

describe('mergeFanOut', () => {
  it('puts one broadcast together from all workers', () => {
    const shape = shapeOf([report({ 7: [100, 400] }, [1, 2]), report({ 7: [200, 300, 500] }, [3, 4, 5])]);
    expect(shape).toMatchObject({ broadcasts: 1, everyNth: 1, members: 5 });
    expect([shape.first, shape.median, shape.last, shape.spread].map(medianUs)).toEqual([100, 300, 500, 400]);
  });

  it('knows no last delivery, and no spread, where a member got nothing', () => {
    const shape = shapeOf([report({ 7: [100, 0, 300], 8: [100, 200, 300] }, [1, 2, 3])]);
    expect(decodeHistogram(shape.first).count).toBe(2);
    expect(decodeHistogram(shape.median).count).toBe(2);
    expect(decodeHistogram(shape.last).count).toBe(1);
    expect(decodeHistogram(shape.spread).count).toBe(1);
  });

  it('knows no median where fewer than half of the members got it', () => {
    const shape = shapeOf([report({ 7: [100, 0, 0] }, [1, 2, 3])]);
    expect(decodeHistogram(shape.first).count).toBe(1);
    expect(decodeHistogram(shape.median).count).toBe(0);
  });

  it('takes a broadcast that no client of a worker got as incomplete', () => {
    const shape = shapeOf([report({ 7: [100] }, [1]), report({ 8: [100] }, [2])]);
    expect(shape.broadcasts).toBe(2);
    expect(decodeHistogram(shape.last).count).toBe(0);
  });

  it('leaves out clients that were no members to the end', () => {
    const shape = shapeOf([report({ 7: [100, 900, 300] }, [1, 0, 2])]);
    expect(shape.members).toBe(2);
    expect(medianUs(shape.last)).toBe(300);
  });

  it('ranks members by their acknowledgement, whichever worker they are of', () => {
    const shape = shapeOf([report({ 7: [300, 100] }, [9, 1]), report({ 7: [200] }, [5])]);
    expect(shape.positions).toEqual([
      { from: 1, to: 1, meanMs: 0.1, p50Ms: null, p99Ms: null },
      { from: 2, to: 2, meanMs: 0.2, p50Ms: null, p99Ms: null },
      { from: 3, to: 3, meanMs: 0.3, p50Ms: null, p99Ms: null },
    ]);
  });

  it('has no shape of nothing', () => {
    expect(mergeFanOut([])).toBeUndefined();
    expect(mergeFanOut([report({}, [1, 2])])).toBeUndefined();
    expect(mergeFanOut([report({ 7: [100] }, [0])])).toBeUndefined();
  });

  it('shows percentiles where there are enough deliveries for them', () => {
    const rows = Object.fromEntries(Array.from({ length: 1_000 }, (_, seq) => [seq, [seq + 1]]));
    const [position] = shapeOf([report(rows, [1])]).positions;
    expect(position?.p50Ms).toBeCloseTo(0.5, 2);
    expect(position?.p99Ms).toBeCloseTo(0.99, 2);
    const [fewer] = shapeOf([report(Object.fromEntries(Object.entries(rows).slice(1)), [1])]).positions;
    expect(fewer?.p99Ms).toBeNull();
  });

  it('groups every member once, in equal parts, and mistakes no order', () => {
    const members = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(members, fc.integer({ min: 1, max: 59 }), (count, split) => {
        // The member in place p gets everything after p × 100 µs.
        const us = Array.from({ length: count }, (_, place) => (place + 1) * 100);
        const first = us.filter((_, place) => place % 60 < split);
        const second = us.filter((_, place) => place % 60 >= split);
        const shape = shapeOf([report({ 3: second }, second), report({ 3: first }, first)]);
        expect(shape.members).toBe(count);
        expect(shape.positions).toHaveLength(Math.min(count, 10));
        const places = shape.positions.flatMap(({ from, to }) =>
          Array.from({ length: to - from + 1 }, (_, index) => from + index),
        );
        expect(places).toEqual(us.map((_, index) => index + 1));
        for (const { from, to, meanMs } of shape.positions) {
          expect(meanMs).toBeCloseTo(((from + to) / 2) * 0.1, 1);
        }
        expect(decodeHistogram(shape.last).maxMs).toBeCloseTo(count * 0.1, 1);
      }),
    );
  });
});
