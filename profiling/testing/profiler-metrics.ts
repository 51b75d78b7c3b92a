/** Stands in for a profiler: a real prom-client registry with the load side's catalogue, served on loopback. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import promClient from 'prom-client';
import type { MetricDefinition } from '../../server/observability/metric-catalogue.ts';
import { LOAD_METRIC_CATALOGUE, type LoadMetricName } from '../live/load-metric-catalogue.ts';

type Labels = Record<string, string>;

export class ProfilerMetrics {
  readonly #registry = new promClient.Registry();
  readonly #http: Server;
  /** Scrapes that were answered. */
  scrapes = 0;

  private constructor() {
    for (const [name, definition] of Object.entries<MetricDefinition>(LOAD_METRIC_CATALOGUE)) {
      this.#registry.registerMetric(metricOf(name, definition));
    }
    this.#http = createServer(async (_, response) => {
      this.scrapes += 1;
      response.setHeader('content-type', this.#registry.contentType);
      response.end(await this.#registry.metrics());
    });
  }

  static async start(): Promise<ProfilerMetrics> {
    const metrics = new ProfilerMetrics();
    metrics.#http.listen(0, '127.0.0.1');
    await once(metrics.#http, 'listening');
    return metrics;
  }

  get address(): string {
    return `127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  set(name: LoadMetricName, value: number, labels: Labels = {}): void {
    (this.#metric(name) as promClient.Gauge).set(labels, value);
  }

  add(name: LoadMetricName, value: number, labels: Labels = {}): void {
    (this.#metric(name) as promClient.Counter).inc(labels, value);
  }

  observe(name: LoadMetricName, seconds: number): void {
    (this.#metric(name) as promClient.Histogram).observe(seconds);
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  #metric(name: LoadMetricName): promClient.Metric {
    const metric = this.#registry.getSingleMetric(name);
    if (metric === undefined) throw new Error(`expected ${name} in the registry`);
    return metric;
  }
}

function metricOf(name: string, { type, help, labels, buckets = [] }: MetricDefinition): promClient.Metric {
  const shape = { name, help, labelNames: [...labels], registers: [] };
  if (type === 'gauge') return new promClient.Gauge(shape);
  if (type === 'counter') return new promClient.Counter(shape);
  return new promClient.Histogram({ ...shape, buckets: [...buckets] });
}
