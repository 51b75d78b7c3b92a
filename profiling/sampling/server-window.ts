/** What happened between two readings of the target: rates from counters, quantiles from histogram buckets. */

import type { MetricName } from '../../server/observability/metric-catalogue.ts';
import { type ServerSample, type ServerWindow, UNSEEN_WINDOW } from '../record/tier-record.ts';
import type { CumulativeBuckets, MetricsReading } from './metrics-reading.ts';

const MS_PER_SECOND = 1_000;

/**
 * Growth of a counter between two readings.
 *
 * @returns null when either side does not show it, or when it fell (the process was restarted)
 */
export function growth(before: MetricsReading, after: MetricsReading, name: MetricName): number | null {
  return difference(before.value(name), after.value(name));
}

/** The whole measured window. Every figure is null where a reading is missing. */
export function serverWindow(before: MetricsReading | null, after: MetricsReading | null): ServerWindow {
  if (before === null || after === null) return UNSEEN_WINDOW;
  const loopDelay = bucketGrowth(before, after, 'touchline_loop_delay_seconds');
  const gcSeconds = difference(
    before.histogramSum('nodejs_gc_duration_seconds'),
    after.histogramSum('nodejs_gc_duration_seconds'),
  );
  return {
    cpuCores: perSecond(before, after, growth(before, after, 'process_cpu_seconds_total')),
    loopDelayP50Ms: toMs(bucketQuantile(loopDelay, 0.5)),
    loopDelayP99Ms: toMs(bucketQuantile(loopDelay, 0.99)),
    loopDelayMaxMs: toMs(bucketQuantile(loopDelay, 1)),
    loopUtilisationRatio: loopUtilisation(before, after),
    gcMs: toMs(gcSeconds),
    openFds: after.value('process_open_fds'),
    maxFds: after.value('process_max_fds'),
  };
}

/**
 * One second of the measured window.
 *
 * @param startClockMs the target's clock when the window began
 */
export function serverSample(
  previous: MetricsReading,
  current: MetricsReading,
  startClockMs: number,
): ServerSample {
  const window = serverWindow(previous, current);
  return {
    elapsedMs: current.clockMs - startClockMs,
    connections: current.value('touchline_connections'),
    cpuCores: window.cpuCores,
    rssBytes: current.value('process_resident_memory_bytes'),
    heapUsedBytes: current.value('nodejs_heap_size_used_bytes'),
    loopDelayP99Ms: window.loopDelayP99Ms,
    loopUtilisationRatio: window.loopUtilisationRatio,
    deliveriesPerSecond: perSecond(
      previous,
      current,
      growth(previous, current, 'touchline_deliveries_total'),
    ),
    sendQueueBytes: current.value('touchline_send_queue_bytes'),
    gcMsPerSecond: perSecond(previous, current, window.gcMs),
  };
}

/**
 * Quantile of the observations in the buckets, by linear interpolation inside the bucket it falls into.
 * Quantile 1 is the upper edge of the highest bucket that has any. What lies above the last finite bound
 * is given as that bound: the true value is larger.
 *
 * @returns null when there are no observations
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function bucketQuantile(buckets: CumulativeBuckets | null, quantile: number): number | null {
  const total = buckets?.counts.at(-1) ?? 0;
  if (buckets === null || total <= 0) return null;
  const rank = quantile * total;
  const index = buckets.counts.findIndex((count) => count >= rank && count > 0);
  const lower = index > 0 ? (buckets.bounds[index - 1] ?? 0) : 0;
  const upper = buckets.bounds[index] ?? Number.POSITIVE_INFINITY;
  if (!Number.isFinite(upper)) return lower;
  const below = index > 0 ? (buckets.counts[index - 1] ?? 0) : 0;
  const inside = (buckets.counts[index] ?? 0) - below;
  return lower + (upper - lower) * Math.min(1, Math.max(0, (rank - below) / inside));
}

/** Observations that came between two readings; null when the buckets differ or shrank. */
function bucketGrowth(
  before: MetricsReading,
  after: MetricsReading,
  name: MetricName,
): CumulativeBuckets | null {
  const first = before.buckets(name);
  const last = after.buckets(name);
  if (first === null || last === null || first.bounds.length !== last.bounds.length) return null;
  const counts = last.counts.map((count, index) => count - (first.counts[index] ?? 0));
  return counts.some((count) => count < 0) ? null : { bounds: last.bounds, counts };
}

function loopUtilisation(before: MetricsReading, after: MetricsReading): number | null {
  const active = growth(before, after, 'touchline_loop_active_seconds_total');
  const idle = growth(before, after, 'touchline_loop_idle_seconds_total');
  if (active === null || idle === null || active + idle <= 0) return null;
  return active / (active + idle);
}

function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null || after < before ? null : after - before;
}

function perSecond(before: MetricsReading, after: MetricsReading, amount: number | null): number | null {
  const seconds = (after.clockMs - before.clockMs) / MS_PER_SECOND;
  return amount === null || seconds <= 0 ? null : amount / seconds;
}

function toMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * MS_PER_SECOND;
}
