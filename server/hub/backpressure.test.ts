import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backpressure } from './backpressure.ts';

const LIMITS = { maxBufferedBytes: 1_000, maxBufferedAgeMs: 100 };

describe('Backpressure', () => {
  it('counts the pending payload against the bytes', () => {
    const backpressure = new Backpressure(LIMITS);
    expect(backpressure.limitPassed(900, 100, 0)).toBeNull();
    expect(backpressure.limitPassed(900, 101, 0)).toBe('bytes');
  });

  it('passes the age limit when bytes wait, not when others take their place', () => {
    const backpressure = new Backpressure(LIMITS);
    backpressure.enqueued(50);
    backpressure.observe(50, 0);
    expect(backpressure.limitPassed(50, 0, 100)).toBeNull();
    expect(backpressure.limitPassed(50, 0, 101)).toBe('age');

    // Flushed up to the mark: what waits now came later.
    backpressure.enqueued(50);
    expect(backpressure.limitPassed(50, 0, 102)).toBeNull();
    expect(backpressure.ageMs(150)).toBe(48);
  });

  it('forgets its age when everything is flushed, and keeps its peak', () => {
    const backpressure = new Backpressure(LIMITS);
    backpressure.enqueued(70);
    backpressure.observe(70, 0);
    backpressure.observe(0, 500);
    expect(backpressure.ageMs(600)).toBe(0);
    expect(backpressure.peakBytes).toBe(70);
  });

  it('never overstates the age, and finds a stuck reader within twice the limit', () => {
    const writes = fc.array(fc.record({ size: fc.nat(50), flush: fc.nat(60) }), { maxLength: 50 });
    fc.assert(
      fc.property(writes, (steps) => {
        const backpressure = new Backpressure({ ...LIMITS, maxBufferedBytes: 1e9 });
        let queue: { bytes: number; atMs: number }[] = [];
        steps.forEach(({ size, flush }, nowMs) => {
          if (size > 0) queue.push({ bytes: size, atMs: nowMs });
          backpressure.enqueued(size);
          queue = flushed(queue, flush);
          backpressure.observe(
            queue.reduce((sum, { bytes }) => sum + bytes, 0),
            nowMs,
          );
          const oldest = queue[0];
          expect(backpressure.ageMs(nowMs)).toBeLessThanOrEqual(
            oldest === undefined ? 0 : nowMs - oldest.atMs,
          );
        });
        const waiting = queue.reduce((sum, { bytes }) => sum + bytes, 0);
        if (waiting > 0) {
          expect(backpressure.limitPassed(waiting, 0, steps.length + LIMITS.maxBufferedAgeMs)).not.toBeNull();
        }
      }),
    );
  });
});

function flushed(
  queue: readonly { readonly bytes: number; readonly atMs: number }[],
  bytes: number,
): { bytes: number; atMs: number }[] {
  let left = bytes;
  return queue.flatMap((entry) => {
    const taken = Math.min(left, entry.bytes);
    left -= taken;
    return entry.bytes === taken ? [] : [{ bytes: entry.bytes - taken, atMs: entry.atMs }];
  });
}
