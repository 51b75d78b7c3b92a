/** The load side's figures, from two readings of the profiler's metrics. */

import type { Interval } from './interval.ts';
import type { Figures, LiveRun, LoadFigure } from './live-contract.ts';
import { toFigures } from './to-figures.ts';

/**
 * The families that are read. The names are those of profiling/live/load-metric-catalogue.ts, which the server may not
 * import; a test holds the two together.
 */
export const LOAD_FAMILIES = [
  'touchline_profile_run_info',
  'touchline_profile_phase',
  'touchline_profile_verdict',
  'touchline_profile_remaining_seconds',
  'touchline_profile_connections_wanted',
  'touchline_profile_connections',
  'touchline_profile_connect_failures_total',
  'touchline_profile_disconnects_total',
  'touchline_profile_deliveries_per_second',
  'touchline_profile_delivery_latency_seconds',
  'touchline_profile_gaps',
  'touchline_profile_deliveries_amiss_total',
  'touchline_profile_worker_cpu_ratio',
  'touchline_profile_worker_loop_delay_seconds',
  'touchline_profile_machine_cpu_ratio',
  'touchline_profile_schedule_lag_seconds',
] as const;

type Name = (typeof LOAD_FAMILIES)[number];

/** Quantiles are those of the interval; the rest is as of its end. */
export function loadFigures(interval: Interval): Figures<LoadFigure> {
  const now = (name: Name) => interval.now(name);
  const largest = (name: Name) => interval.largest(name);
  const ms = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);
  const latencyMs = (quantile: number) =>
    ms(interval.quantile('touchline_profile_delivery_latency_seconds' satisfies Name, quantile));
  return toFigures<LoadFigure>({
    wanted: now('touchline_profile_connections_wanted'),
    connected: now('touchline_profile_connections'),
    connectFailures: now('touchline_profile_connect_failures_total'),
    disconnects: now('touchline_profile_disconnects_total'),
    receivedPerSecond: now('touchline_profile_deliveries_per_second'),
    latencyP50Ms: latencyMs(0.5),
    latencyP95Ms: latencyMs(0.95),
    latencyP99Ms: latencyMs(0.99),
    missing: now('touchline_profile_gaps'),
    amiss: now('touchline_profile_deliveries_amiss_total'),
    workerCpuRatio: largest('touchline_profile_worker_cpu_ratio'),
    workerLoopDelayMs: ms(largest('touchline_profile_worker_loop_delay_seconds')),
    machineCpuRatio: now('touchline_profile_machine_cpu_ratio'),
    scheduleLagP99Ms: ms(interval.quantile('touchline_profile_schedule_lag_seconds' satisfies Name, 0.99)),
    remainingSeconds: now('touchline_profile_remaining_seconds'),
  });
}

/** The run as its info metric names it; undefined where there is none. */
export function liveRun(interval: Interval): LiveRun | undefined {
  const info = interval.labels('touchline_profile_run_info' satisfies Name);
  if (info === undefined) return undefined;
  return {
    name: info['run'] ?? '',
    scenario: info['scenario'] ?? '',
    server: info['server'] ?? '',
    phase: interval.state('touchline_profile_phase' satisfies Name, 'phase'),
    verdict: interval.state('touchline_profile_verdict' satisfies Name, 'verdict'),
  };
}
