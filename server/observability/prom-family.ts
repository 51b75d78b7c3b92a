/** A metric of the catalogue as prom-client's registries take it: an object with a name, a type and `get()`. */

import { familyName, type MetricsFormat } from '../protocol/metrics-format.ts';
import { METRIC_CATALOGUE, type MetricName } from './metric-catalogue.ts';
import type { MetricSample } from './metric-samples.ts';

/** What a registry writes as text. */
export interface PromFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  /** How a cluster's primary makes one figure of those of its workers. */
  readonly aggregator: 'sum' | 'max' | 'first';
  readonly values: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
    readonly metricName: string;
  }[];
}

export function promFamily(
  name: MetricName,
  samples: readonly MetricSample[],
  format: MetricsFormat,
): PromFamily {
  const { type, help } = METRIC_CATALOGUE[name];
  const family = familyName(name, type, format);
  return {
    name: family,
    help,
    type,
    aggregator: aggregatorOf(name),
    values: samples.map(({ labels, value, part }) => ({
      labels,
      value,
      metricName: part === undefined ? family : `${family}_${part}`,
    })),
  };
}

function aggregatorOf(name: MetricName): PromFamily['aggregator'] {
  if (name === 'touchline_build_info' || name === 'process_start_time_seconds') return 'first';
  return name.endsWith('_max') || name.startsWith('process_max_') ? 'max' : 'sum';
}
