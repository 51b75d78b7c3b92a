import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoopDelayRecorder } from './loop-delay-recorder.ts';

function recorderAfter(tickTimesMs: readonly number[], recentMs = 10_000): LoopDelayRecorder {
  const recorder = new LoopDelayRecorder({ resolutionMs: 10, bounds: [0.001, 0.05, 0.1], recentMs });
  for (const atMs of tickTimesMs) recorder.tick(atMs, 10);
  return recorder;
}

/** Punctual ticks from `startMs`, `count` of them. */
const punctual = (startMs: number, count: number) =>
  Array.from({ length: count }, (_, index) => startMs + index * 10);

describe('LoopDelayRecorder', () => {
  it('records nothing before the second tick and no delay for punctual or early ones', () => {
    expect(recorderAfter([500]).histogram.count).toBe(0);
    const { histogram } = recorderAfter([0, 10, 19.5, 29.5]);
    expect([...histogram.counts]).toEqual([3, 0, 0, 0]);
    expect(histogram.sum).toBe(0);
  });

  it('weighs a block of 100 ms with its time: 100, 90, … 10', () => {
    const { histogram } = recorderAfter([0, 110]);
    expect(histogram.count).toBe(10);
    expect(histogram.sum).toBeCloseTo(0.55, 9);
    // 10…50, 60…100, none above.
    expect([...histogram.counts]).toEqual([0, 5, 5, 0]);
  });

  it('stands for all the time that passed, to within one period a tick', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 10, max: 2_000 }), { minLength: 1, maxLength: 50 }), (gaps) => {
        let atMs = 0;
        const times = [0, ...gaps.map((gapMs) => (atMs += gapMs))];
        const coveredMs = recorderAfter(times).histogram.count * 10;
        expect(Math.abs(coveredMs - atMs)).toBeLessThanOrEqual(10 * gaps.length);
      }),
    );
  });

  it('tells how late a tick was', () => {
    const recorder = recorderAfter([0]);
    expect(recorder.tick(10, 10)).toBe(0);
    expect(recorder.tick(45, 10)).toBe(25);
  });

  it('gives samples of a longer period the weight of their time', () => {
    const recorder = recorderAfter([0]);
    recorder.tick(40, 40);
    expect([...recorder.histogram.counts]).toEqual([4, 0, 0, 0]);
    recorder.tick(40 + 40 + 100, 40);
    // 100, 60 and 20 ms, each for 40 ms of time.
    expect([...recorder.histogram.counts]).toEqual([4, 4, 8, 0]);
    expect(recorder.histogram.sum).toBeCloseTo(4 * 0.18, 9);
  });

  it('does not take its own pause for delay', () => {
    const recorder = recorderAfter([0, 10]);
    recorder.pause();
    recorder.tick(60_000, 10);
    recorder.tick(60_010, 10);
    expect(recorder.histogram.sum).toBe(0);
  });
});

describe('LoopDelayRecorder.recentP99Ms', () => {
  it('is 0 before the first sample', () => {
    expect(recorderAfter([]).recentP99Ms()).toBe(0);
  });

  it('sees a stall and forgets it when the window has passed', () => {
    const recorder = recorderAfter([...punctual(0, 500), 7_000]);
    expect(recorder.recentP99Ms()).toBeGreaterThan(1_900);
    for (const atMs of punctual(7_010, 1_000)) recorder.tick(atMs, 10);
    expect(recorder.recentP99Ms()).toBe(0);
  });

  it('is above 1 s only when more than 1 % of the window would have waited longer', () => {
    // One stall of 1,050 ms: arrivals in its first 50 ms (0.5 % of 10 s) waited more than a second.
    const recorder = recorderAfter([...punctual(0, 1_000), 9_990 + 1_060, ...punctual(11_060, 10)]);
    expect(recorder.recentP99Ms()).toBeLessThan(1_000);
    expect(recorder.recentP99Ms()).toBeGreaterThan(900);
  });

  it('keeps the latest part of a stall that is longer than the window', () => {
    const recorder = recorderAfter([0, 60_000], 1_000);
    expect(recorder.recentP99Ms()).toBeLessThanOrEqual(1_000);
    expect(recorder.recentP99Ms()).toBeGreaterThan(900);
  });
});
