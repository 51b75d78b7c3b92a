/** What only the reference server has: the tick feed, its HTTP routes, the drain and faults. */

import type { HttpRequests } from '../http-requests.ts';
import { byLabel, histogramSamples, single } from '../metric-samples.ts';
import type { MetricSources } from '../metric-sources.ts';

export function tickFamilies(sources: MetricSources) {
  const ticks = sources.ticks();
  return {
    touchline_ticks_made_total: single(ticks.made),
    touchline_ticks_shortfall_total: single(ticks.shortfall),
    touchline_tick_target_rate: single(ticks.targetRate),
    touchline_ticks_offered_total: single(ticks.offered),
    touchline_ticks_buffered_total: single(ticks.buffered),
    touchline_ticks_flushed_total: single(ticks.flushed),
    touchline_ticks_acknowledged_total: single(ticks.acknowledged),
    touchline_ticks_skipped_total: single(ticks.skipped),
    touchline_tick_readers: byLabel('format', Object.entries(ticks.readersByFormat)),
    touchline_tick_readers_conflating: single(ticks.conflating),
    touchline_tick_schedule_lag_seconds: single(ticks.lagSeconds),
  };
}

export function httpFamilies(http: HttpRequests) {
  const routes = [...http.routes()];
  return {
    touchline_http_requests_total: routes.flatMap(([route, { countByStatus }]) =>
      Array.from(countByStatus, ([status, value]) => ({ labels: { route, status: String(status) }, value })),
    ),
    touchline_http_request_duration_seconds: routes.flatMap(([route, { durationSeconds }]) =>
      histogramSamples(durationSeconds, { route }),
    ),
  };
}

export function drainFamilies(sources: MetricSources) {
  const drain = sources.drain();
  return {
    touchline_draining: single(drain.draining ? 1 : 0),
    touchline_drain_remaining: single(drain.remaining),
    touchline_drain_closed_total: single(drain.closed),
    touchline_drain_cut_total: single(drain.cut),
  };
}

export function faultFamilies(sources: MetricSources) {
  const faults = sources.faults();
  return {
    touchline_fault_active: byLabel('fault', Object.entries(faults.active)),
    touchline_fault_injections_total: byLabel('fault', Object.entries(faults.injections)),
  };
}
