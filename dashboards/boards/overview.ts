/** The board to open first: ten figures, then the life of a message from connect to close. */

import * as units from '@grafana/grafana-foundation-sdk/units';
import type { BoardSpec } from '../board.ts';
import { LIMITS } from '../limits.ts';
import { bad, query, stat } from '../panels.ts';
import { max, quantile, server, sum } from '../queries.ts';
import { CONNECT, FAN_OUT, RECEIVE } from './overview-in.ts';
import { CLOSE, DELIVER, QUEUE, SERVER_ITSELF, WRITE } from './overview-out.ts';
import { growthPerConnection } from './shared.ts';

const TRAFFIC = [
  stat({
    title: 'Connections',
    shows: 'Open WebSocket connections of all chosen servers.',
    act: 'Bad when it falls under a load that should hold: see "Closed by code" in the last row.',
    unit: units.Short,
    queries: [query(sum(server.gauge('touchline_connections')), 'connections')],
  }),
  stat({
    title: 'Opened per second',
    shows: 'Connections accepted per second.',
    act: 'Bad when it stays up without a load that connects: clients come back again and again; see why they are closed.',
    unit: units.CountsPerSecond,
    queries: [query(sum(server.rate('touchline_connections_opened_total')), 'opened')],
  }),
  stat({
    title: 'Received per second',
    shows: 'Messages from clients per second. What is published over HTTP stands under "HTTP requests".',
    act: 'Bad when it is far above what clients should send: see "Received by type" and "Turned away".',
    unit: units.MessagesPerSecond,
    queries: [query(sum(server.rate('touchline_messages_received_total')), 'received')],
  }),
  stat({
    title: 'Broadcasts per second',
    shows: 'Messages published to rooms per second.',
    act: 'Bad when it is below what publishers send: see "HTTP requests" for refusals.',
    unit: units.MessagesPerSecond,
    queries: [query(sum(server.rate('touchline_broadcasts_total')), 'broadcasts')],
  }),
  stat({
    title: 'Deliveries per second',
    shows: 'Copies of broadcasts handed to connections per second: broadcasts × members.',
    act: 'Bad when it falls while broadcasts go on: the server cannot keep up, or members left.',
    unit: units.MessagesPerSecond,
    queries: [query(sum(server.rate('touchline_deliveries_total')), 'delivered')],
    width: 4,
  }),
];

const HEALTH = [
  stat({
    title: 'Broadcast p99',
    shows: 'Ninety-nine of a hundred broadcasts were written to every member within this time.',
    act: 'Above 50 ms no client can have its message in time. Look at the loop delay and at the number of members.',
    unit: units.Seconds,
    queries: [query(quantile(0.99, server.buckets('touchline_broadcast_duration_seconds')), 'p99')],
    limits: [bad(LIMITS.deliveryP99Seconds)],
    none: 'no broadcast',
  }),
  stat({
    title: 'Slow consumers',
    shows: 'Connections that have unsent bytes now: their clients do not read, or their network is slow.',
    act: 'Above 0 for long, memory grows and they will be closed. See the row "Queue".',
    unit: units.Short,
    queries: [query(sum(server.gauge('touchline_slow_consumers')), 'slow consumers')],
    limits: [bad(1)],
  }),
  stat({
    title: 'Turned away per second',
    shows: 'Upgrades refused, messages answered with an error, messages dropped over the rate limit.',
    act: 'Above 0, see "Upgrades refused" and "Messages rejected" for the reason.',
    unit: units.CountsPerSecond,
    queries: [
      query(
        sum(
          [
            server.rate('touchline_upgrades_refused_total'),
            server.rate('touchline_messages_rejected_total'),
            server.rate('touchline_rate_limited_total'),
          ].join(' or '),
        ),
        'turned away',
      ),
    ],
    limits: [bad(0.001)],
  }),
  stat({
    title: 'Loop delay p99',
    shows: 'How late the event loop is, of the server where it is latest.',
    act: 'Above 50 ms everything the server does is late. See "Memory and runtime": GC, utilisation, CPU.',
    unit: units.Seconds,
    queries: [query(max(quantile(0.99, server.buckets('touchline_loop_delay_seconds'), 'instance')), 'p99')],
    limits: [bad(LIMITS.loopDelaySeconds)],
  }),
  stat({
    title: 'Memory per connection',
    shows: `What connections added to resident memory ÷ connections, both above their least in this time, from ${LIMITS.connectionsForMemory} on.`,
    act: 'Above 50 KB a connection costs too much: see "Memory and runtime", or run profile:memory. Needs a time range with an idle server in it.',
    unit: units.BytesSI,
    queries: [
      query(
        growthPerConnection('process_resident_memory_bytes', `>= ${LIMITS.connectionsForMemory}`),
        'per connection',
      ),
    ],
    limits: [bad(LIMITS.rssPerConnectionBytes)],
    none: 'too few',
    width: 4,
  }),
];

/** The board that opens first. */
export const OVERVIEW: BoardSpec = {
  uid: 'touchline-overview',
  title: 'touchline: overview',
  description:
    'A WebSocket server at a glance, then the life of a message: connect, receive, fan out, queue, write, deliver, close.',
  strip: [...TRAFFIC, ...HEALTH],
  rows: [CONNECT, RECEIVE, FAN_OUT, QUEUE, WRITE, DELIVER, CLOSE, SERVER_ITSELF],
  variables: 'server',
};
