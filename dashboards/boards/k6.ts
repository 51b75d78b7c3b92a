/** Tests of k6 that push with `k6 run --out experimental-prometheus-rw`: any of them, and more of our own scripts. */

import * as units from '@grafana/grafana-foundation-sdk/units';
import type { BoardSpec, Row } from '../board.ts';
import { BAD, GOOD } from '../colours.ts';
import { K6_TREND_STATS } from '../k6-metrics.ts';
import { bad, lines, query, stat } from '../panels.ts';
import { k6, max, min, orNone, sum } from '../queries.ts';
import { DELIVERIES, PUBLISHING, SINCE_START, TOLD_AT_THE_END } from './k6-load.ts';

/** k6 sends no counter that it never added to; these shall show 0 while anything runs. */
const DROPPED = orNone(sum(k6.rate('k6_dropped_iterations_total')), 'scenario', k6.gauge('k6_vus'));

const STRIP = [
  stat({
    title: 'Virtual users',
    shows: 'Virtual users that run now; each may hold several sockets.',
    act: 'Below what the script asks for: k6 or its machine is full.',
    unit: units.Short,
    queries: [query(sum(k6.gauge('k6_vus')), 'users')],
    width: 4,
  }),
  stat({
    title: 'Messages received per second',
    shows: 'Messages that k6 received per second.',
    act: 'Compare with "Deliveries per second" of the overview.',
    unit: units.MessagesPerSecond,
    queries: [query(sum(k6.rate('k6_ws_msgs_received_total')), 'received')],
    width: 4,
  }),
  stat({
    title: 'Delivery p99',
    shows: `Ninety-nine of a hundred deliveries that were timed took less, from when they were due. ${SINCE_START}`,
    act: 'At 50 ms a test of ours fails: compare with "Broadcast p99" of the overview, which is the server alone.',
    unit: units.Seconds,
    queries: [query(max(k6.gauge('k6_touchline_profile_delivery_latency_p99')), 'p99')],
    limits: [bad(0.05)],
    width: 4,
  }),
  stat({
    title: 'Deliveries amiss',
    shows: `Deliveries lost, doubled, out of order, of a wrong room or another test. ${TOLD_AT_THE_END}`,
    act: 'Above 0 the test fails; see "Amiss" for which.',
    unit: units.Short,
    queries: [query(sum(k6.sinceStart('k6_touchline_profile_deliveries_amiss_total')), 'amiss')],
    limits: [bad(1)],
    width: 4,
  }),
  stat({
    title: 'Checks that held',
    shows: `Share of the script's checks that held, of the worst check. ${SINCE_START}`,
    act: 'Below 100 %, see "Checks" for which.',
    unit: units.PercentUnit,
    decimals: 2,
    queries: [query(min(k6.gauge('k6_checks_rate')), 'checks')],
    limits: [{ at: 1, colour: GOOD }],
    base: BAD,
    width: 4,
  }),
  stat({
    title: 'Dropped iterations per second',
    shows: 'Iterations that were due and not begun, because no virtual user was free.',
    act: 'Above 0 the load is not what was asked for: more virtual users.',
    unit: units.CountsPerSecond,
    queries: [query(DROPPED, 'dropped')],
    limits: [bad(0.001)],
    width: 4,
  }),
];

const SESSIONS: Row = {
  title: 'WebSocket sessions',
  panels: [
    lines({
      title: 'Sessions begun',
      shows: 'WebSocket sessions begun per second.',
      act: 'Follows the script. A rise of its own is reconnecting.',
      unit: units.CountsPerSecond,
      queries: [query(sum(k6.rate('k6_ws_sessions_total')), 'sessions')],
    }),
    lines({
      title: 'Connecting',
      shows: `From the connect to the end of the handshake. ${SINCE_START} Needs K6_PROMETHEUS_RW_TREND_STATS=${K6_TREND_STATS}.`,
      act: 'Compare with "Connect latency" of a profiling run. Of several series the largest is shown: percentiles cannot be averaged.',
      unit: units.Seconds,
      queries: [
        query(max(k6.gauge('k6_ws_connecting_p50')), 'p50'),
        query(max(k6.gauge('k6_ws_connecting_p95')), 'p95'),
        query(max(k6.gauge('k6_ws_connecting_p99')), 'p99'),
        query(max(k6.gauge('k6_ws_connecting_max')), 'max'),
      ],
    }),
    lines({
      title: 'Length of a session',
      shows: `From the connect to the end of the session. ${SINCE_START}`,
      act: 'Shorter than the script holds it: the server or the network ended it.',
      unit: units.Seconds,
      queries: [
        query(max(k6.gauge('k6_ws_session_duration_p50')), 'p50'),
        query(max(k6.gauge('k6_ws_session_duration_p95')), 'p95'),
        query(max(k6.gauge('k6_ws_session_duration_p99')), 'p99'),
        query(max(k6.gauge('k6_ws_session_duration_max')), 'max'),
      ],
    }),
  ],
};

const MESSAGES: Row = {
  title: 'Messages',
  panels: [
    lines({
      title: 'Messages',
      shows: 'WebSocket messages sent and received per second.',
      act: 'Received ÷ sent is the fan-out: it falls when the server drops or lags.',
      unit: units.MessagesPerSecond,
      queries: [
        query(sum(k6.rate('k6_ws_msgs_received_total')), 'received'),
        query(sum(k6.rate('k6_ws_msgs_sent_total')), 'sent'),
      ],
    }),
    lines({
      title: 'Ping to pong',
      shows: `From a ping of the script to its pong. ${SINCE_START}`,
      act: 'No payload, no fan-out: what is left is the loop of the server and the network. matches and broadcast ping.',
      unit: units.Seconds,
      queries: [
        query(max(k6.gauge('k6_ws_ping_p50')), 'p50'),
        query(max(k6.gauge('k6_ws_ping_p95')), 'p95'),
        query(max(k6.gauge('k6_ws_ping_p99')), 'p99'),
        query(max(k6.gauge('k6_ws_ping_max')), 'max'),
      ],
    }),
    lines({
      title: 'Bytes',
      shows: 'Bytes sent and received per second, HTTP included.',
      act: 'Near what the network carries, the network is what is measured.',
      unit: units.BytesPerSecondSI,
      queries: [
        query(sum(k6.rate('k6_data_received_total')), 'received'),
        query(sum(k6.rate('k6_data_sent_total')), 'sent'),
      ],
    }),
  ],
};

const SCRIPT: Row = {
  title: 'Script',
  panels: [
    lines({
      title: 'Virtual users',
      shows: 'Virtual users that run, and those set aside.',
      act: 'At what is set aside, iterations are dropped.',
      unit: units.Short,
      queries: [query(sum(k6.gauge('k6_vus')), 'running'), query(sum(k6.gauge('k6_vus_max')), 'set aside')],
    }),
    lines({
      title: 'Iterations',
      shows: 'Iterations that came to their end, and those that could not begin, per second.',
      act: 'Dropped ones mean the load is not what was asked for.',
      unit: units.CountsPerSecond,
      queries: [
        query(sum(k6.rate('k6_iterations_total'), 'scenario'), '{{scenario}}'),
        query(DROPPED, 'dropped'),
      ],
    }),
    lines({
      title: 'Checks',
      shows: `Share of each check that held. ${SINCE_START}`,
      act: 'Below 1, the name says what did not hold.',
      unit: units.PercentUnit,
      max: 1,
      queries: [query(min(k6.gauge('k6_checks_rate'), 'check'), '{{check}}')],
    }),
  ],
};

export const K6: BoardSpec = {
  uid: 'touchline-k6',
  title: 'touchline: k6',
  description:
    'Tests of k6: deliveries, publishing, sessions, messages, pings, checks. npm run load:k6 pushes what it sees. Any k6 pushes with --out experimental-prometheus-rw ' +
    `(K6_PROMETHEUS_RW_TREND_STATS=${K6_TREND_STATS}, K6_PROMETHEUS_RW_STALE_MARKERS=true), named by --tag testid=….`,
  strip: STRIP,
  rows: [DELIVERIES, PUBLISHING, SESSIONS, MESSAGES, SCRIPT],
  variables: 'k6',
};
