/** What the load side sees of a run, and beside it the server that it drives. */

import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { BoardSpec, Row } from '../board.ts';
import { BAD, DOUBTFUL, GOOD, NEUTRAL } from '../colours.ts';
import { LIMITS } from '../limits.ts';
import { bad, labelTable, query, stat, states } from '../panels.ts';
import { load, max, quantile, RUN_INFO, sum } from '../queries.ts';
import { AMISS, CONNECT, DELIVER, GENERATOR, PUBLISH } from './profiling-run-load.ts';
import { DRIVEN } from './profiling-run-server.ts';

const VERDICTS: readonly ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: {
      '0': { text: 'not yet', color: NEUTRAL },
      '1': { text: 'pass', color: GOOD },
      '2': { text: 'inconclusive', color: DOUBTFUL },
      '3': { text: 'fail', color: BAD },
    },
  },
];

/** Of several runs the worst. */
const verdict = max(
  [
    load.gauge('touchline_profile_verdict', 'verdict="pass"'),
    `2 * ${load.gauge('touchline_profile_verdict', 'verdict="inconclusive"')}`,
    `3 * ${load.gauge('touchline_profile_verdict', 'verdict="fail"')}`,
  ].join(' or '),
);

/** The sum so far in the run; 0 while none of these has a series, as long as there is a run. */
function allSoFar(...names: readonly Parameters<typeof load.sinceStart>[0][]): string {
  return names.map((name) => sum(`${load.sinceStart(name)} or 0 * ${RUN_INFO}`)).join(' + ');
}

const PROGRESS = [
  stat({
    title: 'Verdict',
    shows: 'What the run was judged, once it is over; of several runs the worst.',
    act: 'Inconclusive means the rig could not be trusted: see the row "Generator". The report has all checks.',
    unit: units.Short,
    queries: [query(verdict, 'verdict')],
    mappings: VERDICTS,
    none: 'no run',
  }),
  stat({
    title: 'Phase',
    shows: 'What the load does now.',
    act: 'Figures count in "measure" alone; what is amiss in the others says less.',
    unit: units.String,
    queries: [query(`${max(load.gauge('touchline_profile_phase'), 'phase')} == 1`, '{{phase}}')],
    showsName: true,
    none: 'no run',
  }),
  stat({
    title: 'Time left',
    shows: 'How long the run will take from here, as it expects.',
    act: 'If it does not shrink, a phase waits for the server.',
    unit: units.Seconds,
    decimals: 0,
    queries: [query(max(load.gauge('touchline_profile_remaining_seconds')), 'time left')],
  }),
  stat({
    title: 'Clients connected',
    shows: 'Clients that are connected now.',
    act: 'Below what the tier wants in "measure": see "Failed and ended early".',
    unit: units.Short,
    queries: [query(sum(load.gauge('touchline_profile_connections')), 'connected')],
  }),
  stat({
    title: 'Received per second',
    shows: 'Messages clients received per second, over the last half second.',
    act: 'Broadcasts × members is what it should be.',
    unit: units.MessagesPerSecond,
    queries: [query(sum(load.gauge('touchline_profile_deliveries_per_second')), 'received by clients')],
    width: 4,
  }),
];

const HEALTH = [
  stat({
    title: 'Delivery p99',
    shows: 'Ninety-nine of a hundred messages came within this time of being due, in measured windows.',
    act: 'Above 50 ms the tier fails. See the server below: broadcast duration, loop delay, CPU.',
    unit: units.Seconds,
    queries: [query(quantile(0.99, load.buckets('touchline_profile_delivery_latency_seconds')), 'p99')],
    limits: [bad(LIMITS.deliveryP99Seconds)],
  }),
  stat({
    title: 'Amiss so far',
    shows:
      'Deliveries lost, duplicated, out of order, in the wrong room, foreign, corrupt or undetermined; told when a tier has ended.',
    act: 'Any of them but undetermined fails the run: see the row "Amiss".',
    unit: units.Short,
    queries: [query(allSoFar('touchline_profile_deliveries_amiss_total'), 'amiss')],
    limits: [bad(1)],
  }),
  stat({
    title: 'Missing now',
    shows: 'Messages missing by the numbers of those that came after them: what is late is not yet lost.',
    act: 'Back to 0 soon, it was reordering or lateness; if it stays, it will be counted as lost.',
    unit: units.Short,
    queries: [query(sum(load.gauge('touchline_profile_gaps')), 'missing')],
    limits: [bad(1)],
  }),
  stat({
    title: 'Failed so far',
    shows: 'Connections that did not come up, ended early, and messages the server did not accept.',
    act: 'Any fails the run. The reasons stand in "Failed and ended early" and "Publish failures".',
    unit: units.Short,
    queries: [
      query(
        allSoFar(
          'touchline_profile_connect_failures_total',
          'touchline_profile_disconnects_total',
          'touchline_profile_publish_failures_total',
        ),
        'failed',
      ),
    ],
    limits: [bad(1)],
  }),
  stat({
    title: 'Busiest worker',
    shows: 'CPU of the busiest generator process: 1 is a whole core.',
    act: 'Above 0.8 it measures itself, and the run is inconclusive: more workers, or less load.',
    unit: units.PercentUnit,
    queries: [query(max(load.gauge('touchline_profile_worker_cpu_ratio')), 'worker')],
    limits: [bad(LIMITS.workerCpuRatio)],
    width: 4,
  }),
];

const RUN: Row = {
  title: 'Run',
  panels: [
    labelTable({
      title: 'Runs',
      shows:
        'Runs that last now: scenario, the server they drive (none where that shows no metrics), version.',
      act: 'Two at once on one machine disturb each other: choose one, and doubt both.',
      unit: units.String,
      queries: [query(max(RUN_INFO, 'run', 'scenario', 'server', 'version'), '')],
      columns: { run: 'run', scenario: 'scenario', server: 'server', version: 'touchline' },
      height: 8,
    }),
    states({
      title: 'Phases',
      shows: 'Which phase the load was in, and when.',
      act: 'A phase that is much longer than planned waited for the server.',
      unit: units.Short,
      queries: [
        query(
          `${max(load.gauge('touchline_profile_phase'), 'phase')} and on (phase) ` +
            `(max by (phase) (max_over_time(touchline_profile_phase[$__range] @ end())) > 0)`,
          '{{phase}}',
        ),
      ],
      mappings: [
        {
          type: MappingType.ValueToText,
          options: { '0': { text: ' ', color: 'transparent' }, '1': { text: 'on', color: NEUTRAL } },
        },
      ],
      width: 16,
      height: 8,
    }),
  ],
};

export const PROFILING_RUN: BoardSpec = {
  uid: 'touchline-profiling-run',
  title: 'touchline: profiling run',
  description:
    'A run of the profiler as its clients see it, whether its rig can be trusted, and the server that it drives.',
  strip: [...PROGRESS, ...HEALTH],
  rows: [RUN, CONNECT, PUBLISH, DELIVER, AMISS, GENERATOR, DRIVEN],
  variables: 'server',
};
