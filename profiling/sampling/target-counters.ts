/** The target's own counters over a tier, for the cross-check against what the clients counted. */

import type { ServerCounters } from '../record/tier-record.ts';
import type { MetricsReading } from './metrics-reading.ts';
import { growth } from './server-window.ts';

/**
 * After minus before. All null when a reading is missing or when the process was restarted in between,
 * which `process_start_time_seconds` tells.
 */
export function targetCounters(before: MetricsReading | null, after: MetricsReading | null): ServerCounters {
  if (before === null || after === null || restarted(before, after)) return NOTHING_SEEN;
  return {
    opened: growth(before, after, 'touchline_connections_opened_total'),
    refused: growth(before, after, 'touchline_upgrades_refused_total'),
    broadcasts: growth(before, after, 'touchline_broadcasts_total'),
    deliveries: growth(before, after, 'touchline_deliveries_total'),
    droppedByReason: droppedByReason(before, after),
    slowConsumersClosed: growth(before, after, 'touchline_slow_consumers_closed_total'),
  };
}

function restarted(before: MetricsReading, after: MetricsReading): boolean {
  return before.value('process_start_time_seconds') !== after.value('process_start_time_seconds');
}

function droppedByReason(before: MetricsReading, after: MetricsReading): Record<string, number> {
  const name = 'touchline_deliveries_dropped_total';
  const first = before.byLabel(name, 'reason');
  const last = after.byLabel(name, 'reason') ?? new Map<string, number>();
  return Object.fromEntries([...last].map(([reason, count]) => [reason, count - (first?.get(reason) ?? 0)]));
}

const NOTHING_SEEN: ServerCounters = {
  opened: null,
  refused: null,
  broadcasts: null,
  deliveries: null,
  droppedByReason: {},
  slowConsumersClosed: null,
};
