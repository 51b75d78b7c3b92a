/** Metric families as Prometheus or OpenMetrics text. The profiler's only import of prom-client. */

import promClient from 'prom-client';
import { familyName, type MetricsFormat, negotiateFormat } from '../../server/protocol/metrics-format.ts';
import type { LiveFamily } from './metric-sample.ts';

const CONTENT_TYPE = {
  classic: promClient.Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: promClient.Registry.OPENMETRICS_CONTENT_TYPE,
} as const satisfies Record<MetricsFormat, string>;

export interface Exposition {
  readonly body: string;
  readonly contentType: string;
}

/**
 * @param accept the request's Accept header: OpenMetrics when it asks for it, else the classic text
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export async function renderFamilies(
  families: readonly LiveFamily[],
  accept: string | undefined,
): Promise<Exposition> {
  const format = negotiateFormat(accept);
  const contentType = CONTENT_TYPE[format];
  // A registry for this answer alone: prom-client renames counters inside an OpenMetrics registry.
  const registry = new promClient.Registry<promClient.RegistryContentType>();
  registry.setContentType(contentType);
  for (const family of families) registry.registerMetric(asPromMetric(family, format));
  return { body: await registry.metrics(), contentType };
}

/** prom-client asks a registered metric for no more than its name, its type and `get()`. */
function asPromMetric({ name, definition, samples }: LiveFamily, format: MetricsFormat): promClient.Metric {
  const { type, help } = definition;
  const family = familyName(name, type, format);
  const values = samples.map(({ labels, value, part }) => ({
    labels,
    value,
    metricName: part === undefined ? family : `${family}_${part}`,
  }));
  const metric = {
    name: family,
    help,
    type,
    get: async () => ({ name: family, help, type, values }),
  };
  return metric as unknown as promClient.Metric;
}
