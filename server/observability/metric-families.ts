/** Fills the catalogue with numbers: one entry for each metric name, none missing, none more. */

import type { EventLoopMonitor } from './event-loop.ts';
import { connectionFamilies } from './families/connection-families.ts';
import { drainFamilies, faultFamilies, httpFamilies, tickFamilies } from './families/feature-families.ts';
import { broadcastFamilies, messageFamilies, roomFamilies } from './families/message-families.ts';
import { exporterFamilies, processFamilies, runtimeFamilies } from './families/process-families.ts';
import { sendQueueFamilies } from './families/send-queue-families.ts';
import type { GcMonitor } from './gc.ts';
import type { HttpRequests } from './http-requests.ts';
import type { MetricName } from './metric-catalogue.ts';
import type { MetricSample } from './metric-samples.ts';
import type { MetricSources } from './metric-sources.ts';
import type { ProcessUsage } from './process-usage.ts';

export type MetricFamilies = Readonly<Record<MetricName, readonly MetricSample[]>>;

/** Everything one scrape reads. */
export interface MetricReading {
  readonly sources: MetricSources;
  readonly loop: EventLoopMonitor;
  readonly gc: GcMonitor;
  readonly http: HttpRequests;
  readonly usage: ProcessUsage;
  /** touchline's version. */
  readonly version: string;
  readonly previousScrapeSeconds: number;
  /** Whether anything is sampled or timed. */
  readonly instrumentation: { readonly isOn: boolean };
}

/** What nobody observes while the instrumentation is off: a gap is honest, a zero is not. */
const UNOBSERVED = {
  touchline_broadcast_duration_seconds: [],
  touchline_broadcast_recipients: [],
  touchline_http_requests_total: [],
  touchline_http_request_duration_seconds: [],
  touchline_loop_delay_seconds: [],
  nodejs_gc_duration_seconds: [],
} as const satisfies Partial<MetricFamilies>;

/** Reads all figures at one moment. */
export function readMetricFamilies(reading: MetricReading): MetricFamilies {
  const { sources } = reading;
  return {
    ...connectionFamilies(sources),
    ...roomFamilies(sources),
    ...messageFamilies(sources.hubCounters),
    ...broadcastFamilies(sources),
    ...sendQueueFamilies(sources.sendQueue()),
    ...tickFamilies(sources),
    ...httpFamilies(reading.http),
    ...drainFamilies(sources),
    ...runtimeFamilies(reading),
    ...processFamilies(reading.usage),
    ...faultFamilies(sources),
    ...exporterFamilies(reading.version, reading.previousScrapeSeconds),
    ...(reading.instrumentation.isOn ? {} : UNOBSERVED),
  };
}
