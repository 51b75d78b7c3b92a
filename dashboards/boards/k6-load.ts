/** What our k6 scripts tell beyond what k6 itself counts: deliveries, their latency, publishing. */

import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../board.ts';
import { lines, query } from '../panels.ts';
import { k6, max, min, sum } from '../queries.ts';

/** Of every trend and rate. */
export const SINCE_START = 'k6 counts it since the start of the test, so it moves less and less.';
/** Of what only the end of a client decides. */
export const TOLD_AT_THE_END = 'A client that leaves tells what it lost; all leave at the end of the test.';

/** What clients were given, and what was amiss. */
export const DELIVERIES: Row = {
  title: 'Deliveries of our scripts',
  panels: [
    lines({
      title: 'Delivery latency',
      shows: `From when a message was due until a client had it, of one delivery in so many. ${SINCE_START}`,
      act: 'Compare with "Delivery latency" of a profiling run: k6 needs more CPU for the same load.',
      unit: units.Seconds,
      queries: [
        query(max(k6.gauge('k6_touchline_profile_delivery_latency_p50')), 'p50'),
        query(max(k6.gauge('k6_touchline_profile_delivery_latency_p95')), 'p95'),
        query(max(k6.gauge('k6_touchline_profile_delivery_latency_p99')), 'p99'),
        query(max(k6.gauge('k6_touchline_profile_delivery_latency_max')), 'max'),
      ],
    }),
    lines({
      title: 'Deliveries',
      shows: 'Messages of the room, or ticks, that clients received per second.',
      act: 'Compare with "Deliveries" of the overview: less here is under way or lost.',
      unit: units.MessagesPerSecond,
      queries: [query(sum(k6.rate('k6_touchline_profile_deliveries_total')), 'received')],
    }),
    lines({
      title: 'Owed and received',
      shows: `Messages that were owed, those that came, and those that a resume gave back (churn), since the start. ${TOLD_AT_THE_END}`,
      act: 'Owed above received and given back: see "Amiss".',
      unit: units.Short,
      queries: [
        query(sum(k6.sinceStart('k6_touchline_profile_deliveries_expected_total')), 'owed'),
        query(sum(k6.sinceStart('k6_touchline_profile_deliveries_total')), 'received'),
        query(sum(k6.sinceStart('k6_touchline_profile_resumed_messages_total')), 'given back'),
      ],
    }),
    lines({
      title: 'Amiss',
      shows: `Deliveries that were not as they should be, by kind, since the start. ${TOLD_AT_THE_END}`,
      act: 'Any but foreign fails the test: foreign ones are of somebody else who publishes to the same match.',
      unit: units.Short,
      queries: [query(sum(k6.sinceStart('k6_touchline_profile_deliveries_amiss_total'), 'kind'), '{{kind}}')],
    }),
    lines({
      title: 'Failures',
      shows:
        'Connections that did not come up or ended early, messages that were refused, and error events, since the start.',
      act: 'Any fails the test; the summary on the terminal has the reasons.',
      unit: units.Short,
      queries: [
        query(sum(k6.sinceStart('k6_touchline_profile_connect_failures_total')), 'not connected'),
        query(sum(k6.sinceStart('k6_touchline_profile_disconnects_total')), 'ended early'),
        query(sum(k6.sinceStart('k6_touchline_profile_publish_failures_total')), 'not published'),
        query(sum(k6.sinceStart('k6_touchline_profile_errors_total')), 'errors'),
      ],
    }),
    lines({
      title: 'Rules that hold or not',
      shows:
        'Share of the storm’s clients that came back with everything (churn), and of readers that were given 98 % of the rate (ticks).',
      act: 'Below 1 the test fails.',
      unit: units.PercentUnit,
      max: 1,
      queries: [
        query(min(k6.gauge('k6_touchline_profile_recovered_rate')), 'recovered'),
        query(min(k6.gauge('k6_touchline_profile_delivered_ratio_held_rate')), 'rate held'),
      ],
    }),
  ],
};

/** How clients came up, and what was published to them. */
export const PUBLISHING: Row = {
  title: 'Connecting and publishing of our scripts',
  panels: [
    lines({
      title: 'Connections tried and ended',
      shows: 'Connections that scripts tried, and those that came to their end, since the start.',
      act: 'A difference after the end is clients that were cut short: their books are not in the figures.',
      unit: units.Short,
      queries: [
        query(sum(k6.sinceStart('k6_touchline_profile_connects_attempted_total')), 'tried'),
        query(sum(k6.sinceStart('k6_touchline_profile_connections_ended_total')), 'ended'),
      ],
    }),
    lines({
      title: 'Time to the first message',
      shows: `From the creation of a socket to the first message of the server. ${SINCE_START}`,
      act: 'Far above "Connecting": the server takes connections and is slow to greet them.',
      unit: units.Seconds,
      queries: [
        query(max(k6.gauge('k6_touchline_profile_connect_duration_p50')), 'p50'),
        query(max(k6.gauge('k6_touchline_profile_connect_duration_p95')), 'p95'),
        query(max(k6.gauge('k6_touchline_profile_connect_duration_p99')), 'p99'),
        query(max(k6.gauge('k6_touchline_profile_connect_duration_max')), 'max'),
      ],
    }),
    lines({
      title: 'Broadcasts',
      shows: 'Messages published and accepted per second.',
      act: 'Not accepted ones fail the test.',
      unit: units.MessagesPerSecond,
      queries: [
        query(sum(k6.rate('k6_touchline_profile_broadcasts_sent_total')), 'sent'),
        query(sum(k6.rate('k6_touchline_profile_broadcasts_accepted_total')), 'accepted'),
      ],
    }),
    lines({
      title: 'Schedule lag',
      shows: `How much later k6 published than its schedule has it. ${SINCE_START}`,
      act: 'It is part of the delivery latency: above a few ms k6 or its machine is full, not the server.',
      unit: units.Seconds,
      queries: [
        query(max(k6.gauge('k6_touchline_profile_schedule_lag_p50')), 'p50'),
        query(max(k6.gauge('k6_touchline_profile_schedule_lag_p95')), 'p95'),
        query(max(k6.gauge('k6_touchline_profile_schedule_lag_p99')), 'p99'),
        query(max(k6.gauge('k6_touchline_profile_schedule_lag_max')), 'max'),
      ],
    }),
    lines({
      title: 'HTTP requests',
      shows: 'HTTP requests per second, by what they ask.',
      act: 'Compare with "HTTP requests" of the overview.',
      unit: units.RequestsPerSecond,
      queries: [query(sum(k6.rate('k6_http_reqs_total'), 'name'), '{{name}}')],
    }),
    lines({
      title: 'HTTP duration',
      shows: `From the sending of a request to the end of its answer, of the slowest kind. ${SINCE_START}`,
      act: 'A broadcast is answered when it is published: its fan-out comes after.',
      unit: units.Seconds,
      queries: [
        query(max(k6.gauge('k6_http_req_duration_p50')), 'p50'),
        query(max(k6.gauge('k6_http_req_duration_p95')), 'p95'),
        query(max(k6.gauge('k6_http_req_duration_p99')), 'p99'),
        query(max(k6.gauge('k6_http_req_duration_max')), 'max'),
      ],
    }),
  ],
};
