/** `/metrics`: the catalogue's families as Prometheus or OpenMetrics text. The only import of prom-client. */

import promClient from 'prom-client';
import { type MetricsFormat, negotiateFormat } from '../protocol/metrics-format.ts';
import type { EventLoopMonitor } from './event-loop.ts';
import type { GcMonitor } from './gc.ts';
import { HttpRequests } from './http-requests.ts';
import { METRIC_CATALOGUE, type MetricName } from './metric-catalogue.ts';
import { type MetricFamilies, readMetricFamilies } from './metric-families.ts';
import type { MetricSources } from './metric-sources.ts';
import { readProcessUsage } from './process-usage.ts';
import { type PromFamily, promFamily } from './prom-family.ts';

const CONTENT_TYPE = {
  classic: promClient.Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: promClient.Registry.OPENMETRICS_CONTENT_TYPE,
} as const satisfies Record<MetricsFormat, string>;

export interface MetricsOptions {
  readonly sources: MetricSources;
  readonly loop: EventLoopMonitor;
  readonly gc: GcMonitor;
  /** touchline's version, for `touchline_build_info`. */
  readonly version: string;
  /** While it is off nothing is sampled or timed: those families then have no samples. */
  readonly instrumentation: { readonly isOn: boolean };
  /** Monotonic ms. */
  readonly now: () => number;
}

export interface MetricsText {
  readonly body: string;
  readonly contentType: string;
}

export interface Metrics {
  /** The figures of a scrape without its text. */
  read(): Promise<MetricFamilies>;
  /** @param accept the request's Accept header: OpenMetrics when it asks for it, else the classic text */
  scrape(accept: string | undefined): Promise<MetricsText>;
  /** Takes the route's pattern, never a path with values in it. */
  readonly observeHttpRequest: (route: string, status: number, durationSeconds: number) => void;
}

/** Counters stay where they are counted; a scrape reads them. */
export function createMetrics(options: MetricsOptions): Metrics {
  const http = new HttpRequests(METRIC_CATALOGUE.touchline_http_request_duration_seconds.buckets);
  let previousScrapeSeconds = 0;
  const read = async () => {
    const usage = await readProcessUsage();
    return readMetricFamilies({ ...options, http, usage, previousScrapeSeconds });
  };
  return {
    read,
    async scrape(accept) {
      const startedAtMs = options.now();
      const families = await read();
      const format = negotiateFormat(accept);
      const body = await renderFamilies(families, format);
      previousScrapeSeconds = (options.now() - startedAtMs) / 1000;
      return { body, contentType: CONTENT_TYPE[format] };
    },
    observeHttpRequest(route, status, durationSeconds) {
      if (options.instrumentation.isOn) http.observe(route, status, durationSeconds);
    },
  };
}

/** A registry for this scrape alone: prom-client renames counters inside an OpenMetrics registry. */
async function renderFamilies(families: MetricFamilies, format: MetricsFormat): Promise<string> {
  const registry = new promClient.Registry<promClient.RegistryContentType>();
  registry.setContentType(CONTENT_TYPE[format]);
  for (const name of Object.keys(METRIC_CATALOGUE) as MetricName[]) {
    registry.registerMetric(asPromMetric(promFamily(name, families[name], format)));
  }
  return registry.metrics();
}

/** prom-client asks a registered metric for no more than its name, its type and `get()`. */
function asPromMetric(family: PromFamily): promClient.Metric {
  const { name, help, type } = family;
  return { name, help, type, get: async () => family } as unknown as promClient.Metric;
}
