/**
 * Every metric the profiler exports about the load it drives: name, type, unit, help, labels and buckets, as data.
 * Its own /metrics, the README table and the dashboards take their names from here. All counters count from the
 * start of the run. The run's name stands on `touchline_profile_run_info` alone, so that runs share their series.
 */

import type { MetricDefinition } from '../../server/observability/metric-catalogue.ts';

/** 0.1 ms to 3.3 s; each bound is √2 times the one before, so that percentiles read off a graph are within a fifth. */
const LATENCY_SECONDS = Array.from({ length: 31 }, (_, half) =>
  Number((0.0001 * 2 ** (half / 2)).toPrecision(3)),
);

const counter = (help: string, labels: readonly string[] = []) =>
  ({ type: 'counter', unit: 'count', help, labels }) as const;
const gauge = (unit: MetricDefinition['unit'], help: string, labels: readonly string[] = []) =>
  ({ type: 'gauge', unit, help, labels }) as const;
const histogram = (help: string) =>
  ({ type: 'histogram', unit: 'seconds', help, labels: [], buckets: LATENCY_SECONDS }) as const;

export const LOAD_METRIC_CATALOGUE = {
  // the run
  touchline_profile_run_info: gauge(
    'info',
    'Always 1 while a run lasts; its name, its scenario, touchline\'s version and the instance of the server it drives ("" where that shows no metrics) are labels.',
    ['run', 'scenario', 'server', 'version'],
  ),
  touchline_profile_phase: gauge('count', '1 for the phase the load is in, 0 for the others.', ['phase']),
  touchline_profile_remaining_seconds: gauge(
    'seconds',
    'How long the run will take from here, as it expects.',
  ),
  touchline_profile_verdict: gauge('count', '1 for the verdict of the run once it is judged, else 0.', [
    'verdict',
  ]),
  // connect
  touchline_profile_connections_wanted: gauge('count', 'Connections of the tier that runs.'),
  touchline_profile_connections: gauge('count', 'Clients that are connected now.'),
  touchline_profile_connects_attempted_total: counter('Connections that clients tried to open.'),
  touchline_profile_connect_failures_total: counter('Connections that did not come up, by reason.', [
    'reason',
  ]),
  touchline_profile_connect_duration_seconds: histogram(
    'From the creation of a socket to its first message; told when all of a tier are up.',
  ),
  touchline_profile_disconnects_total: counter(
    'Connections that ended before their client ended them, by reason.',
    ['reason'],
  ),
  // publish
  touchline_profile_broadcasts_sent_total: counter('Messages published; told when a tier has ended.'),
  touchline_profile_broadcasts_accepted_total: counter('Those of them that the server accepted.'),
  touchline_profile_publish_failures_total: counter('Those of them that it did not, by reason.', ['reason']),
  touchline_profile_schedule_lag_seconds: histogram(
    'How late the generator sent, against its own schedule; told when a tier has ended.',
  ),
  // deliver
  touchline_profile_deliveries_total: counter('Messages of this run that clients received.'),
  touchline_profile_deliveries_per_second: gauge(
    'count',
    'Messages received a second, over the last half second.',
  ),
  touchline_profile_delivery_latency_seconds: histogram(
    'From the time a message was due until a client had it, in measured windows.',
  ),
  touchline_profile_gaps: gauge(
    'count',
    'Messages missing now, by the numbers of those that came after them: what is late is not yet lost.',
  ),
  touchline_profile_deliveries_expected_total: counter(
    'Messages owed to clients; told when a tier has ended.',
  ),
  touchline_profile_deliveries_amiss_total: counter(
    'Deliveries that were not as they should be (lost, duplicated, out_of_order, wrong_room, foreign, corrupt, undetermined); told when a tier has ended.',
    ['kind'],
  ),
  // the generator itself
  touchline_profile_worker_cpu_ratio: gauge('ratio', 'CPU of a generator process: 1 is a whole core.', [
    'worker',
  ]),
  touchline_profile_worker_loop_delay_seconds: gauge(
    'seconds',
    'p99 of the loop delay of a generator process over the last half second.',
    ['worker'],
  ),
  touchline_profile_machine_cpu_ratio: gauge(
    'ratio',
    'CPU of the machine the generator runs on: 1 is all cores.',
  ),
} as const satisfies Record<string, MetricDefinition>;

export type LoadMetricName = keyof typeof LOAD_METRIC_CATALOGUE;
