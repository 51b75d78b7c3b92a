/** What the target counted of its HTTP requests between two readings, for the cross-check against what autocannon counted. */

import type { HttpCounted } from '../record/http-record.ts';
import type { MetricsReading } from './metrics-reading.ts';
import { growth } from './server-window.ts';
import { isSameProcess } from './target-counters.ts';

/**
 * After minus before, by status.
 *
 * @returns null where a reading is missing, the process was restarted in between, or it does not count requests
 */
export function httpCounted(before: MetricsReading | null, after: MetricsReading | null): HttpCounted | null {
  if (before === null || after === null || !isSameProcess(before, after)) return null;
  const last = after.byLabel('touchline_http_requests_total', 'status');
  if (last === null) return null;
  const first = before.byLabel('touchline_http_requests_total', 'status');
  const grown = [...last].flatMap(([status, count]) => {
    const more = count - (first?.get(status) ?? 0);
    return more === 0 ? [] : [[status, more] as const];
  });
  return {
    byStatus: Object.fromEntries(grown),
    broadcasts: growth(before, after, 'touchline_broadcasts_total'),
  };
}
