/** Profiling run, the load side: connect, publish, deliver, what is amiss, and the generator itself. */

import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../board.ts';
import { LIMITS } from '../limits.ts';
import { bad, heatmap, lines, query } from '../panels.ts';
import { load, max, orNone, quantile, RUN_INFO, sum } from '../queries.ts';

/** Counts by a label so far in the run: exact, because a run's counters begin with it. */
function soFar(name: Parameters<typeof load.sinceStart>[0], label: string): string {
  return orNone(sum(load.sinceStart(name), label), label, RUN_INFO);
}

export const CONNECT: Row = {
  title: 'Connect',
  panels: [
    lines({
      title: 'Tiers',
      shows:
        'Connections the tier wants, clients that are connected, and connections tried since the start of the run.',
      act: 'Connected below wanted in "measure" fails the run.',
      unit: units.Short,
      queries: [
        query(sum(load.gauge('touchline_profile_connections_wanted')), 'wanted'),
        query(sum(load.gauge('touchline_profile_connections')), 'connected'),
        query(sum(load.sinceStart('touchline_profile_connects_attempted_total')), 'attempted so far'),
      ],
    }),
    lines({
      title: 'Failed and ended early',
      shows:
        'Connections that did not come up, and that ended before their client ended them, by reason, so far.',
      act: 'Should be none. See the server: upgrades refused, closed by code.',
      unit: units.Short,
      queries: [
        query(soFar('touchline_profile_connect_failures_total', 'reason'), 'failed: {{reason}}'),
        query(soFar('touchline_profile_disconnects_total', 'reason'), 'ended early: {{reason}}'),
      ],
      limits: [bad(1)],
    }),
    lines({
      title: 'Connect latency',
      shows:
        'From the creation of a socket to its first message, of a tier; told when all of the tier are up.',
      act: 'Rises with how many connect at once. Seconds mean the accept queue is full.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, load.buckets('touchline_profile_connect_duration_seconds')), 'p50'),
        query(quantile(0.95, load.buckets('touchline_profile_connect_duration_seconds')), 'p95'),
        query(quantile(0.99, load.buckets('touchline_profile_connect_duration_seconds')), 'p99'),
      ],
      points: true,
    }),
  ],
};

export const PUBLISH: Row = {
  title: 'Publish',
  panels: [
    lines({
      title: 'Published and accepted so far',
      shows: 'Messages published, and those the server accepted; told when a tier has ended.',
      act: 'A gap between them is refusals: see "Publish failures".',
      unit: units.Short,
      queries: [
        query(sum(load.sinceStart('touchline_profile_broadcasts_sent_total')), 'published'),
        query(sum(load.sinceStart('touchline_profile_broadcasts_accepted_total')), 'accepted'),
      ],
    }),
    lines({
      title: 'Publish failures',
      shows: 'Messages the server did not accept, by reason, so far.',
      act: 'Should be none: the reason names the status or the time-out.',
      unit: units.Short,
      queries: [query(soFar('touchline_profile_publish_failures_total', 'reason'), '{{reason}}')],
      limits: [bad(1)],
    }),
    lines({
      title: 'Schedule lag',
      shows: 'How late the generator sent, against its own schedule; told when a tier has ended.',
      act: 'Latency counts from when a message was due, so lag is in it. Above 10 ms at p99 the generator is the limit.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, load.buckets('touchline_profile_schedule_lag_seconds')), 'p50'),
        query(quantile(0.99, load.buckets('touchline_profile_schedule_lag_seconds')), 'p99'),
      ],
      points: true,
      limits: [bad(LIMITS.workerLoopDelaySeconds)],
    }),
  ],
};

export const DELIVER: Row = {
  title: 'Deliver',
  panels: [
    lines({
      title: 'Received',
      shows:
        'Messages of this run that clients received per second: over the scrape interval, and over the last half second.',
      act: 'Broadcasts × members is what it should be. Ragged is a server that writes in bursts.',
      unit: units.MessagesPerSecond,
      queries: [
        query(sum(load.rate('touchline_profile_deliveries_total')), 'received by clients'),
        query(sum(load.gauge('touchline_profile_deliveries_per_second')), 'last half second'),
      ],
    }),
    heatmap({
      title: 'Delivery latency, all of them',
      shows: 'How many messages took how long from being due until a client had them. Bright is many.',
      act: 'A second band is a group of clients, or a pause of the server, that is late each time.',
      unit: units.Seconds,
      buckets: sum(load.buckets('touchline_profile_delivery_latency_seconds'), 'le'),
    }),
    lines({
      title: 'Delivery latency',
      shows:
        'The same as percentiles. The dashed lines are the limits: 10 ms for p50, 50 ms for p95 and p99.',
      act: 'Past a limit the tier fails, unless the rig is what was late: see the row "Generator".',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, load.buckets('touchline_profile_delivery_latency_seconds')), 'p50'),
        query(quantile(0.95, load.buckets('touchline_profile_delivery_latency_seconds')), 'p95'),
        query(quantile(0.99, load.buckets('touchline_profile_delivery_latency_seconds')), 'p99'),
      ],
      limits: [{ at: LIMITS.deliveryP50Seconds, colour: 'green' }, bad(LIMITS.deliveryP99Seconds)],
    }),
  ],
};

export const AMISS: Row = {
  title: 'Amiss',
  panels: [
    lines({
      title: 'Amiss by kind so far',
      shows:
        'Lost, duplicated, out of order, wrong room, foreign, corrupt; undetermined was on the way when a connection broke. Told when a tier has ended.',
      act: 'Any but undetermined fails the run, on any rig.',
      unit: units.Short,
      queries: [query(soFar('touchline_profile_deliveries_amiss_total', 'kind'), '{{kind}}')],
      limits: [bad(1)],
    }),
    lines({
      title: 'Missing now',
      shows: 'Messages missing by the numbers of those that came after them.',
      act: 'What is late is not yet lost. If it stays above 0 in "drain", it is.',
      unit: units.Short,
      queries: [query(sum(load.gauge('touchline_profile_gaps')), 'missing')],
      limits: [bad(1)],
    }),
    lines({
      title: 'Owed and received so far',
      shows:
        'Messages clients received, and messages owed to them; owed is told when a tier has ended, so it follows in steps.',
      act: 'At a step both must be equal. Received below owed is loss, above it is duplicates.',
      unit: units.Short,
      queries: [
        query(sum(load.sinceStart('touchline_profile_deliveries_expected_total')), 'owed'),
        query(sum(load.sinceStart('touchline_profile_deliveries_total')), 'received by clients'),
      ],
    }),
  ],
};

export const GENERATOR: Row = {
  title: 'Generator: can the run be trusted?',
  panels: [
    lines({
      title: 'CPU of the generator',
      shows: 'CPU of each generator process: 1 is a whole core.',
      act: 'Above 0.8 the process is late itself and the run is inconclusive: more workers, or less load.',
      unit: units.PercentUnit,
      queries: [query(max(load.gauge('touchline_profile_worker_cpu_ratio'), 'worker'), '{{worker}}')],
      limits: [bad(LIMITS.workerCpuRatio)],
    }),
    lines({
      title: 'Loop delay of the generator',
      shows: 'p99 over the last half second, of each generator process.',
      act: 'Above 10 ms latency holds the lateness of the generator (or above its calibrated figure, on a shared machine).',
      unit: units.Seconds,
      queries: [
        query(max(load.gauge('touchline_profile_worker_loop_delay_seconds'), 'worker'), '{{worker}}'),
      ],
      limits: [bad(LIMITS.workerLoopDelaySeconds)],
    }),
    lines({
      title: 'CPU of the machine',
      shows: 'CPU of the machine the generator runs on: 1 is all cores.',
      act: 'Above 0.9 everybody waits for everybody: use a second machine, or a smaller load.',
      unit: units.PercentUnit,
      max: 1,
      queries: [query(max(load.gauge('touchline_profile_machine_cpu_ratio')), 'machine')],
      limits: [bad(LIMITS.machineCpuRatio)],
    }),
  ],
};
