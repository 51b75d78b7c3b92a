import { describe, expect, it } from 'vitest';
import { BucketHistogram } from '../../hub/bucket-histogram.ts';
import { histogramSamples, type MetricSample, single } from '../metric-samples.ts';
import { Interval } from './interval.ts';

const at = (atMs: number, samples: Record<string, readonly MetricSample[]>) => ({ atMs, families: samples });

function observed(...seconds: number[]): readonly MetricSample[] {
  const histogram = new BucketHistogram([0.001, 0.01, 0.1]);
  for (const value of seconds) histogram.observe(value);
  return histogramSamples(histogram);
}

describe('a rate', () => {
  it('is what was added, by the time between', () => {
    const interval = new Interval(at(3_000, { total: single(70) }), at(1_000, { total: single(50) }));
    expect(interval.perSecond('total')).toBe(10);
  });

  it('is not told without an earlier reading, for an unknown family, or when a counter began again', () => {
    expect(new Interval(at(1_000, { total: single(7) }), null).perSecond('total')).toBeUndefined();
    const restarted = new Interval(at(2_000, { total: single(1) }), at(1_000, { total: single(9) }));
    expect(restarted.perSecond('total')).toBeUndefined();
    expect(restarted.perSecond('other')).toBeUndefined();
  });

  it('counts only the samples asked for', () => {
    const samples = (major: number, minor: number) => ({
      gc: [
        { labels: { kind: 'major' }, value: major },
        { labels: { kind: 'minor' }, value: minor },
      ],
    });
    const interval = new Interval(at(1_000, samples(3, 10)), at(0, samples(1, 5)));
    expect(interval.perSecond('gc', ({ kind }) => kind === 'major')).toBe(2);
    expect(interval.perSecond('gc')).toBe(7);
  });
});

describe('a quantile', () => {
  it('is that of the observations in between, interpolated in their bucket', () => {
    const interval = new Interval(
      at(1_000, { delay: observed(0.0005, 0.0005, 0.005, 0.005, 0.005, 0.005) }),
      at(0, { delay: observed(0.0005, 0.0005) }),
    );
    expect(interval.quantile('delay', 0.5)).toBeCloseTo(0.0055);
    expect(interval.quantile('delay', 1)).toBeCloseTo(0.01);
  });

  it('is the highest bound for what lies above all of them', () => {
    const interval = new Interval(at(1_000, { delay: observed(7) }), at(0, { delay: observed() }));
    expect(interval.quantile('delay', 0.5)).toBe(0.1);
  });

  it('is not told when nothing was observed', () => {
    const interval = new Interval(at(1_000, { delay: observed(0.5) }), at(0, { delay: observed(0.5) }));
    expect(interval.quantile('delay', 0.5)).toBeUndefined();
  });
});

it('knows the state that is 1', () => {
  const phase = [
    { labels: { phase: 'connect' }, value: 0 },
    { labels: { phase: 'measure' }, value: 1 },
  ];
  const interval = new Interval(at(0, { phase }), null);
  expect(interval.state('phase', 'phase')).toBe('measure');
  expect(interval.state('other', 'phase')).toBeNull();
});
