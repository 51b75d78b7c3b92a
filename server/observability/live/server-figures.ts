/** A server's figures, from two readings of its metrics. */

import type { MetricName } from '../metric-catalogue.ts';
import type { Interval, Where } from './interval.ts';
import type { Figures, ServerFigure } from './live-contract.ts';
import { toFigures } from './to-figures.ts';

/** The families that are read; of another process nothing else is kept. */
export const SERVER_FAMILIES = [
  'touchline_connections',
  'touchline_connections_opened_total',
  'touchline_connections_closed_total',
  'touchline_upgrades_refused_total',
  'touchline_broadcasts_total',
  'touchline_deliveries_total',
  'touchline_broadcast_duration_seconds',
  'touchline_loop_delay_seconds',
  'touchline_loop_active_seconds_total',
  'process_cpu_seconds_total',
  'nodejs_gc_duration_seconds',
  'process_resident_memory_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_external_memory_bytes',
  'touchline_send_queue_bytes',
  'touchline_send_queue_bytes_max',
  'touchline_send_queue_age_seconds_max',
  'touchline_slow_consumers',
  'touchline_slow_consumers_closed_total',
  'touchline_tick_readers',
  'touchline_ticks_made_total',
  'touchline_ticks_buffered_total',
  'touchline_ticks_flushed_total',
  'touchline_ticks_acknowledged_total',
  'touchline_draining',
  'touchline_fault_active',
] as const satisfies readonly MetricName[];

type Name = (typeof SERVER_FAMILIES)[number];

const isMajor: Where = ({ kind }) => kind === 'major';

/** Rates and quantiles are those of the interval; the rest is as of its end. */
export function serverFigures(interval: Interval): Figures<ServerFigure> {
  const now = (name: Name) => interval.now(name);
  const perSecond = (name: Name) => interval.perSecond(name);
  const ms = (name: Name, quantile: number) => {
    const seconds = interval.quantile(name, quantile);
    return seconds === undefined ? undefined : seconds * 1000;
  };
  const gc: Name = 'nodejs_gc_duration_seconds';
  const connections = now('touchline_connections');
  const rssBytes = now('process_resident_memory_bytes');
  const ageSeconds = now('touchline_send_queue_age_seconds_max');
  return toFigures<ServerFigure>({
    connections,
    openedPerSecond: perSecond('touchline_connections_opened_total'),
    closedPerSecond: perSecond('touchline_connections_closed_total'),
    broadcastsPerSecond: perSecond('touchline_broadcasts_total'),
    deliveriesPerSecond: perSecond('touchline_deliveries_total'),
    broadcastP50Ms: ms('touchline_broadcast_duration_seconds', 0.5),
    broadcastP99Ms: ms('touchline_broadcast_duration_seconds', 0.99),
    loopDelayP99Ms: ms('touchline_loop_delay_seconds', 0.99),
    loopActiveRatio: perSecond('touchline_loop_active_seconds_total'),
    cpuRatio: perSecond('process_cpu_seconds_total'),
    gcMajorRatio: interval.perSecond(gc, isMajor),
    gcOtherRatio: interval.perSecond(gc, (labels) => !isMajor(labels)),
    rssBytes,
    heapUsedBytes: now('nodejs_heap_size_used_bytes'),
    externalBytes: now('nodejs_external_memory_bytes'),
    rssPerConnectionBytes: rssBytes === undefined || !connections ? undefined : rssBytes / connections,
    sendQueueBytes: now('touchline_send_queue_bytes'),
    sendQueueMaxBytes: now('touchline_send_queue_bytes_max'),
    sendQueueAgeMs: ageSeconds === undefined ? undefined : ageSeconds * 1000,
    slowConsumers: now('touchline_slow_consumers'),
    slowClosed: now('touchline_slow_consumers_closed_total'),
    refused: now('touchline_upgrades_refused_total'),
    tickReaders: now('touchline_tick_readers'),
    ticksMadePerSecond: perSecond('touchline_ticks_made_total'),
    ticksBufferedPerSecond: perSecond('touchline_ticks_buffered_total'),
    ticksFlushedPerSecond: perSecond('touchline_ticks_flushed_total'),
    ticksDeliveredPerSecond: perSecond('touchline_ticks_acknowledged_total'),
    draining: now('touchline_draining'),
    faults: now('touchline_fault_active'),
  });
}
