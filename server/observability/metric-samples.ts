/** Samples: the numbers of a metric family, before any text format. */

import type { BucketHistogram } from '../hub/bucket-histogram.ts';

export type Labels = Readonly<Record<string, string>>;

/** One number of a family. `part` tells the series of a histogram apart. */
export interface MetricSample {
  readonly labels: Labels;
  readonly value: number;
  readonly part?: 'bucket' | 'sum' | 'count';
}

/** One sample without labels. */
export function single(value: number): readonly MetricSample[] {
  return [{ labels: {}, value }];
}

/** One sample, or none where the figure cannot be seen: a gap is honest, a zero is not. */
export function singleOrNone(value: number | null): readonly MetricSample[] {
  return value === null ? [] : single(value);
}

/** One sample for each entry, labelled with its key. */
export function byLabel(label: string, values: Iterable<readonly [string, number]>): readonly MetricSample[] {
  return Array.from(values, ([key, value]) => ({ labels: { [label]: key }, value }));
}

/** Cumulative buckets, sum and count of a histogram, as Prometheus defines them. */
export function histogramSamples(histogram: BucketHistogram, labels: Labels = {}): readonly MetricSample[] {
  let cumulative = 0;
  const buckets = histogram.bounds.map((bound, index): MetricSample => {
    cumulative += histogram.counts[index] ?? 0;
    return { labels: { ...labels, le: String(bound) }, value: cumulative, part: 'bucket' };
  });
  return [
    ...buckets,
    { labels: { ...labels, le: '+Inf' }, value: histogram.count, part: 'bucket' },
    { labels, value: histogram.sum, part: 'sum' },
    { labels, value: histogram.count, part: 'count' },
  ];
}
