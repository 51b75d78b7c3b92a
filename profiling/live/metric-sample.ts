/** Samples: the numbers of a metric family, before any format that carries them. */

import type { MetricDefinition } from '../../server/observability/metric-catalogue.ts';

/** One number of a family. `part` tells the series of a histogram apart. */
export interface LiveSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly part?: 'bucket' | 'sum' | 'count';
}

/** A metric and what it stands at. */
export interface LiveFamily {
  readonly name: string;
  readonly definition: MetricDefinition;
  readonly samples: readonly LiveSample[];
}

/** One sample without labels. */
export function single(value: number): readonly LiveSample[] {
  return [{ labels: {}, value }];
}

/** One sample for each entry, labelled with its key. */
export function byLabel(label: string, values: Iterable<readonly [string, number]>): readonly LiveSample[] {
  return Array.from(values, ([key, value]) => ({ labels: { [label]: key }, value }));
}

/** One sample for each of the known words: 1 for the one that holds, 0 for the others. */
export function oneOf(label: string, words: readonly string[], holds: string | null): readonly LiveSample[] {
  return byLabel(
    label,
    words.map((word) => [word, word === holds ? 1 : 0]),
  );
}
