/** Every series a board may show, and the labels it has, from the catalogues. */

import { LOAD_METRIC_CATALOGUE } from '../../profiling/live/load-metric-catalogue.ts';
import { METRIC_CATALOGUE, type MetricDefinition } from '../../server/observability/metric-catalogue.ts';
import { K6_LABELS, K6_METRICS } from '../k6-metrics.ts';

export interface KnownSeries {
  /** The catalogue's name; of a histogram's `…_bucket` that of the histogram. */
  readonly metric: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
}

/** What Prometheus adds to every target. */
const TARGET_LABELS = ['instance', 'job'];

const UP: KnownSeries = { metric: 'up', type: 'gauge', labels: TARGET_LABELS };

export type Catalogue = Readonly<Record<string, MetricDefinition>>;

/** Series name → what is known of it. */
export function knownSeries(
  catalogues: readonly Catalogue[] = [METRIC_CATALOGUE, LOAD_METRIC_CATALOGUE],
): ReadonlyMap<string, KnownSeries> {
  const known = new Map<string, KnownSeries>([['up', UP]]);
  for (const catalogue of catalogues) {
    for (const [metric, { type, labels }] of Object.entries(catalogue)) {
      const all = [...labels, ...TARGET_LABELS];
      if (type === 'histogram') {
        known.set(`${metric}_bucket`, { metric, type, labels: [...all, 'le'] });
        known.set(`${metric}_sum`, { metric, type, labels: all });
        known.set(`${metric}_count`, { metric, type, labels: all });
      } else {
        known.set(metric, { metric, type, labels: all });
      }
    }
  }
  for (const [metric, { type }] of Object.entries(K6_METRICS)) {
    known.set(metric, { metric, type, labels: K6_LABELS });
  }
  return known;
}
