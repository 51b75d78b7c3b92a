/** How messages fan out, how long that takes, and the tick feed with its four rates. */

import * as units from '@grafana/grafana-foundation-sdk/units';
import type { BoardSpec, Row } from '../board.ts';
import { LIMITS } from '../limits.ts';
import { bad, heatmap, lines, query, stat } from '../panels.ts';
import { happened, loadOnServer, max, mean, quantile, ratio, server, sum } from '../queries.ts';
import { TICK_READERS, TICKS } from './broadcast-ticks-feed.ts';
import { framesPerWrite, sendQueueAge, sendQueueBytes, slowConsumers } from './shared.ts';

const STRIP = [
  stat({
    title: 'Broadcasts per second',
    shows: 'Messages published to rooms per second.',
    act: 'Below what publishers send, some are refused: see "HTTP requests" on the overview.',
    unit: units.MessagesPerSecond,
    queries: [query(sum(server.rate('touchline_broadcasts_total')), 'broadcasts')],
    width: 4,
  }),
  stat({
    title: 'Deliveries per broadcast',
    shows: 'The fan-out: copies handed over for each message published.',
    act: 'Below the number of members, copies are dropped: see "Not delivered" on the overview.',
    unit: units.Short,
    queries: [
      query(
        ratio(sum(server.rate('touchline_deliveries_total')), sum(server.rate('touchline_broadcasts_total'))),
        'deliveries per broadcast',
      ),
    ],
    none: 'no broadcast',
    width: 4,
  }),
  stat({
    title: 'Broadcast p99',
    shows: 'Ninety-nine of a hundred broadcasts were written to every member within this time.',
    act: 'Above 50 ms deliveries cannot be in time.',
    unit: units.Seconds,
    queries: [query(quantile(0.99, server.buckets('touchline_broadcast_duration_seconds')), 'p99')],
    limits: [bad(LIMITS.deliveryP99Seconds)],
    none: 'no broadcast',
    width: 4,
  }),
  stat({
    title: 'Delivery p99',
    shows: 'As clients of a profiling run measure it, from the time a message was due.',
    act: 'Far above the broadcast p99, the time is lost in queues, in the kernel or in the clients.',
    unit: units.Seconds,
    queries: [
      query(quantile(0.99, loadOnServer.buckets('touchline_profile_delivery_latency_seconds')), 'p99'),
    ],
    limits: [bad(LIMITS.deliveryP99Seconds)],
    none: 'no run',
    width: 4,
  }),
  stat({
    title: 'Ticks delivered per second',
    shows: 'Ticks that clients acknowledged per second: the throughput.',
    act: 'Below what is buffered for long, readers fall behind.',
    unit: units.CountsPerSecond,
    queries: [query(sum(server.rate('touchline_ticks_acknowledged_total')), 'delivered')],
    width: 4,
  }),
  stat({
    title: 'Readers conflating',
    shows: 'Tick readers so far behind that they get only the latest tick of each symbol.',
    act: 'Above 0 these readers skip ticks: they are too slow for the rate.',
    unit: units.Short,
    queries: [query(sum(server.gauge('touchline_tick_readers_conflating')), 'conflating')],
    limits: [bad(1)],
    width: 4,
  }),
];

const BROADCASTS: Row = {
  title: 'Broadcasts',
  panels: [
    lines({
      title: 'Broadcasts and deliveries',
      shows: 'Messages published, and copies handed to connections, per second.',
      act: 'Deliveries that flatten while broadcasts rise: the server is at its limit. Look at the loop utilisation.',
      unit: units.MessagesPerSecond,
      queries: [
        query(sum(server.rate('touchline_broadcasts_total')), 'broadcasts'),
        query(sum(server.rate('touchline_deliveries_total')), 'delivered'),
        query(sum(loadOnServer.rate('touchline_profile_deliveries_total')), 'received by clients'),
      ],
    }),
    framesPerWrite,
    lines({
      title: 'Frames and writes',
      shows: 'Frames of deliveries, and writes to sockets that carried them.',
      act: 'Writes are what costs; frames per write says how many shared one.',
      unit: units.CountsPerSecond,
      queries: [
        query(sum(server.rate('touchline_frames_written_total')), 'frames'),
        query(sum(server.rate('touchline_socket_writes_total')), 'writes'),
      ],
    }),
    heatmap({
      title: 'Broadcast duration, all of them',
      shows: 'How many broadcasts took how long until every member was written to. Bright is many.',
      act: 'Two bands are two sizes of rooms, or something that pauses the loop now and then.',
      unit: units.Seconds,
      buckets: sum(server.buckets('touchline_broadcast_duration_seconds'), 'le'),
      width: 12,
      height: 8,
    }),
    lines({
      title: 'Broadcast duration',
      shows: 'The same as percentiles, and the mean.',
      act: 'Above 50 ms at p99, deliveries cannot be in time. Fewer members a room, or more servers.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, server.buckets('touchline_broadcast_duration_seconds')), 'p50'),
        query(quantile(0.95, server.buckets('touchline_broadcast_duration_seconds')), 'p95'),
        query(quantile(0.99, server.buckets('touchline_broadcast_duration_seconds')), 'p99'),
        query(
          mean({
            sum: server.part('touchline_broadcast_duration_seconds', 'sum'),
            count: server.part('touchline_broadcast_duration_seconds', 'count'),
          }),
          'mean',
        ),
      ],
      limits: [bad(LIMITS.deliveryP99Seconds)],
      width: 12,
      height: 8,
    }),
    heatmap({
      title: 'Delivery latency, all of them',
      shows:
        'How many deliveries took how long from the time they were due until a client had them. Bright is many.',
      act: 'A band far above the broadcast duration is waiting: in queues, in the kernel, in clients. Without a run there is none.',
      unit: units.Seconds,
      buckets: sum(loadOnServer.buckets('touchline_profile_delivery_latency_seconds'), 'le'),
      width: 12,
      height: 8,
    }),
    lines({
      title: 'Delivery latency',
      shows:
        'The same as percentiles. The dashed lines are the limits: 10 ms for p50, 50 ms for p95 and p99.',
      act: 'Past a limit, compare with the broadcast duration to see on which side the time is lost.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, loadOnServer.buckets('touchline_profile_delivery_latency_seconds')), 'p50'),
        query(quantile(0.95, loadOnServer.buckets('touchline_profile_delivery_latency_seconds')), 'p95'),
        query(quantile(0.99, loadOnServer.buckets('touchline_profile_delivery_latency_seconds')), 'p99'),
      ],
      limits: [{ at: LIMITS.deliveryP50Seconds, colour: 'green' }, bad(LIMITS.deliveryP99Seconds)],
      width: 12,
      height: 8,
    }),
  ],
};

const SLOW: Row = {
  title: 'Slow consumers',
  panels: [
    slowConsumers,
    sendQueueBytes,
    sendQueueAge,
    lines({
      title: 'Slow consumers closed',
      shows: 'Connections closed because their unsent bytes were too many or too old.',
      act: 'Should be 0. The reader is too slow, or the limits are too low for what is sent in a burst.',
      unit: units.CountsPerSecond,
      queries: [query(happened(3, 'touchline_slow_consumers_closed_total', 'limit'), '{{limit}}')],
      limits: [bad(0.001)],
      width: 12,
    }),
    lines({
      title: 'Share of slow consumers',
      shows: 'Connections with unsent bytes ÷ connections, by server.',
      act: 'A few are slow clients. Near 1 it is the server, its network or the machine.',
      unit: units.PercentUnit,
      max: 1,
      queries: [
        query(
          ratio(
            max(server.gauge('touchline_slow_consumers'), 'instance'),
            max(server.gauge('touchline_connections'), 'instance'),
          ),
          '{{instance}}',
        ),
      ],
      width: 12,
    }),
  ],
};

export const BROADCAST_TICKS: BoardSpec = {
  uid: 'touchline-broadcast-ticks',
  title: 'touchline: broadcast and ticks',
  description: 'Fan-out, its latency, and the tick feed: offered, buffered, flushed, delivered.',
  strip: STRIP,
  rows: [BROADCASTS, TICKS, TICK_READERS, SLOW],
  variables: 'server',
};
