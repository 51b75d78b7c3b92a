/** Our metrics in a register that is somebody else's: read when it is scraped, by whichever route that may be. */

import { createEventLoopMonitor, type EventLoopMonitor } from '../event-loop.ts';
import { createGcMonitor, type GcMonitor } from '../gc.ts';
import { METRIC_CATALOGUE, type MetricName } from '../metric-catalogue.ts';
import type { MetricSample } from '../metric-samples.ts';
import { readProcessUsage } from '../process-usage.ts';
import { promFamily } from '../prom-family.ts';
import { type InstrumentedMetric, readInstrumentedFamilies } from './instrumented-families.ts';
import { INSTRUMENTED_METRICS } from './instrumented-metrics.ts';
import { WsCounters } from './ws-counters.ts';
import type { InstrumentableRegister } from './ws-shapes.ts';

type Families = Readonly<Record<InstrumentedMetric, readonly MetricSample[]>>;

/** One register has one of these, however many servers share it: their figures are summed. */
export class RegisteredMetrics {
  readonly counters = new WsCounters();
  readonly closeCodes = new Set<number>();
  /** Servers that are watched now. */
  servers = 0;
  /** Ours by name, without those the register had already. */
  readonly metrics: ReadonlyMap<InstrumentedMetric, object>;
  readonly #register: InstrumentableRegister;
  readonly #version: string;
  readonly #loop: EventLoopMonitor = createEventLoopMonitor();
  readonly #gc: GcMonitor = createGcMonitor();
  #reading: Promise<Families | null> | null = null;
  #previousScrapeSeconds = 0;

  /** @param version touchline's */
  constructor(register: InstrumentableRegister, version: string) {
    this.#register = register;
    this.#version = version;
    const names = INSTRUMENTED_METRICS.filter((name) => register.getSingleMetric(name) === undefined);
    this.metrics = new Map(names.map((name) => [name, this.#metric(name)]));
    for (const metric of this.metrics.values()) register.registerMetric(metric);
    this.#loop.start();
    if (this.metrics.has('nodejs_gc_duration_seconds')) this.#gc.start();
  }

  /** Takes ours out of the register, unless somebody did already. */
  remove(): void {
    for (const [name, metric] of this.metrics) {
      if (this.#register.getSingleMetric(name) === metric) this.#register.removeSingleMetric(name);
    }
    this.#loop.stop();
    if (this.metrics.has('nodejs_gc_duration_seconds')) this.#gc.stop();
  }

  /** `name` is no constant: a register of the OpenMetrics type cuts `_total` off. `reset` keeps: counters only grow. */
  #metric(name: InstrumentedMetric): object {
    const { type, help } = METRIC_CATALOGUE[name];
    return { name, type, help, get: () => this.#get(name), reset: () => undefined };
  }

  async #get(name: InstrumentedMetric) {
    const families = await this.#read();
    return promFamily(name, families?.[name] ?? [], this.#format());
  }

  #format() {
    return this.#register.contentType.startsWith('application/openmetrics-text') ? 'openmetrics' : 'classic';
  }

  /** A register asks all metrics in the same turn: they share one reading. Without one there are no samples, and no error. */
  #read(): Promise<Families | null> {
    this.#reading ??= this.#readAnew()
      .catch(() => null)
      .finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }

  async #readAnew(): Promise<Families> {
    const usage = await readProcessUsage();
    const nowMs = performance.now();
    const families = readInstrumentedFamilies({
      counters: this.counters,
      closeCodes: this.closeCodes,
      loop: this.#loop,
      gc: this.#gc,
      usage,
      version: this.#version,
      previousScrapeSeconds: this.#previousScrapeSeconds,
      nowMs,
    });
    this.#previousScrapeSeconds = (performance.now() - nowMs) / 1000;
    return families;
  }
}

/** Names of the catalogue that the register had first. */
export function skippedNames({ metrics }: RegisteredMetrics): readonly MetricName[] {
  return INSTRUMENTED_METRICS.filter((name) => !metrics.has(name));
}
