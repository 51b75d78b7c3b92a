/** Metric families as Prometheus or OpenMetrics text. The profiler's only import of prom-client. */

import promClient from 'prom-client';
import type { LiveFamily } from './metric-sample.ts';

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
  const isOpenMetrics = asksForOpenMetrics(accept);
  const contentType = isOpenMetrics
    ? promClient.Registry.OPENMETRICS_CONTENT_TYPE
    : promClient.Registry.PROMETHEUS_CONTENT_TYPE;
  // A registry for this answer alone: prom-client renames counters inside an OpenMetrics registry.
  const registry = new promClient.Registry<promClient.RegistryContentType>();
  registry.setContentType(contentType);
  for (const family of families) registry.registerMetric(asPromMetric(family, isOpenMetrics));
  return { body: await registry.metrics(), contentType };
}

/** Whether the header names version 1.0 and likes it no less than plain text. */
function asksForOpenMetrics(accept = ''): boolean {
  const ranges = accept
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim()));
  const qualityOf = (isWanted: (range: readonly string[]) => boolean) =>
    Math.max(0, ...ranges.filter(isWanted).map(quality));
  const openMetrics = qualityOf(
    ([type, ...parameters]) =>
      type === 'application/openmetrics-text' &&
      (parameters.includes('version=1.0.0') || parameters.every((text) => !text.startsWith('version='))),
  );
  return openMetrics > 0 && openMetrics >= qualityOf(([type]) => type === 'text/plain');
}

function quality(range: readonly string[]): number {
  return Number(range.find((part) => part.startsWith('q='))?.slice(2) ?? 1);
}

/** prom-client asks a registered metric for no more than its name, its type and `get()`. */
function asPromMetric({ name, definition, samples }: LiveFamily, isOpenMetrics: boolean): promClient.Metric {
  const { type, help } = definition;
  // OpenMetrics: a counter family is named without `_total`, its sample with it; prom-client appends it.
  const familyName = isOpenMetrics && type === 'counter' ? name.replace(/_total$/, '') : name;
  const values = samples.map(({ labels, value, part }) => ({
    labels,
    value,
    metricName: part === undefined ? familyName : `${familyName}_${part}`,
  }));
  const metric = {
    name: familyName,
    help,
    type,
    get: async () => ({ name: familyName, help, type, values }),
  };
  return metric as unknown as promClient.Metric;
}
