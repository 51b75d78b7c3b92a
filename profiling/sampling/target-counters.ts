/** The target's own counters over a tier, for the cross-check against what the clients counted. */

import type { MetricName } from '../../server/observability/metric-catalogue.ts';
import type { ServerCounters } from '../record/tier-record.ts';
import type { MetricsReading } from './metrics-reading.ts';
import { growth } from './server-window.ts';

/**
 * After minus before. All null when a reading is missing or when the process was restarted in between,
 * which `process_start_time_seconds` tells.
 */
export function targetCounters(before: MetricsReading | null, after: MetricsReading | null): ServerCounters {
  if (before === null || after === null || !isSameProcess(before, after)) return NOTHING_SEEN;
  return {
    opened: growth(before, after, 'touchline_connections_opened_total'),
    refused: growth(before, after, 'touchline_upgrades_refused_total'),
    broadcasts: growth(before, after, 'touchline_broadcasts_total'),
    deliveries: growth(before, after, 'touchline_deliveries_total'),
    droppedByReason: droppedByReason(before, after),
    socketWrites: growth(before, after, 'touchline_socket_writes_total'),
    framesWritten: growth(before, after, 'touchline_frames_written_total'),
    slowConsumersClosed: growth(before, after, 'touchline_slow_consumers_closed_total'),
    heartbeatsMissed: growth(before, after, 'touchline_heartbeats_missed_total'),
    ...faultInjections(before, after),
  };
}

/** Whether both readings are of one process: counters of another begin anew. */
export function isSameProcess(before: MetricsReading, after: MetricsReading): boolean {
  return before.value('process_start_time_seconds') === after.value('process_start_time_seconds');
}

function droppedByReason(before: MetricsReading, after: MetricsReading): Record<string, number> {
  return growthByLabel(before, after, { name: 'touchline_deliveries_dropped_total', label: 'reason' });
}

/** Absent where no fault is switched on. */
function faultInjections(
  before: MetricsReading,
  after: MetricsReading,
): Pick<ServerCounters, 'faultInjections'> {
  const counts = growthByLabel(before, after, { name: 'touchline_fault_injections_total', label: 'fault' });
  return Object.keys(counts).length === 0 ? {} : { faultInjections: counts };
}

interface LabelledMetric {
  readonly name: MetricName;
  readonly label: string;
}

function growthByLabel(
  before: MetricsReading,
  after: MetricsReading,
  { name, label }: LabelledMetric,
): Record<string, number> {
  const first = before.byLabel(name, label);
  const last = after.byLabel(name, label) ?? new Map<string, number>();
  return Object.fromEntries([...last].map(([value, count]) => [value, count - (first?.get(value) ?? 0)]));
}

const NOTHING_SEEN: ServerCounters = {
  opened: null,
  refused: null,
  broadcasts: null,
  deliveries: null,
  droppedByReason: {},
  slowConsumersClosed: null,
  heartbeatsMissed: null,
};
