/** Overview, the way out: queue, write, deliver, close; and the server itself. */

import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../board.ts';
import { LIMITS } from '../limits.ts';
import { bad, labelTable, lines, query } from '../panels.ts';
import { happened, loadOnServer, max, orNone, quantile, SERVER_PRESENCE, server, sum } from '../queries.ts';
import { framesPerWrite, sendQueueAge, sendQueueBytes, slowConsumers } from './shared.ts';

export const QUEUE: Row = { title: 'Queue', panels: [sendQueueBytes, sendQueueAge, slowConsumers] };

export const WRITE: Row = {
  title: 'Write',
  panels: [
    framesPerWrite,
    lines({
      title: 'Bytes sent',
      shows:
        'Payload handed to connections, and all that was written to sockets, framing and handshakes included.',
      act: 'Near what the network carries, only fewer or smaller messages help.',
      unit: units.BytesPerSecondSI,
      queries: [
        query(sum(server.rate('touchline_sent_payload_bytes_total')), 'sent'),
        query(sum(server.rate('touchline_wire_sent_bytes_total')), 'sent on the wire'),
      ],
    }),
    lines({
      title: 'Replies and pings',
      shows: 'Messages to one connection that are no broadcast, and heartbeat pings.',
      act: 'Replies follow requests; more of them than messages received is a defect.',
      unit: units.MessagesPerSecond,
      queries: [
        query(sum(server.rate('touchline_replies_total')), 'replies'),
        query(sum(server.rate('touchline_heartbeat_pings_total')), 'pings'),
      ],
    }),
  ],
};

export const DELIVER: Row = {
  title: 'Deliver',
  panels: [
    lines({
      title: 'Delivered and received',
      shows: 'Copies the server handed over, and copies that the clients of a profiling run counted.',
      act: 'Clients below the server for long: messages are on the way, unread or lost. See the queue and "Profiling run".',
      unit: units.MessagesPerSecond,
      queries: [
        query(sum(server.rate('touchline_deliveries_total')), 'delivered'),
        query(sum(loadOnServer.rate('touchline_profile_deliveries_total')), 'received by clients'),
      ],
    }),
    lines({
      title: 'Delivery latency',
      shows:
        'From the time a message was due until a client had it, as a profiling run measures it. Without a run there is none.',
      act: 'Limits are 10 ms at p50 and 50 ms at p95 and p99. Compare with the broadcast duration: what is above it is queue, kernel and client.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, loadOnServer.buckets('touchline_profile_delivery_latency_seconds')), 'p50'),
        query(quantile(0.95, loadOnServer.buckets('touchline_profile_delivery_latency_seconds')), 'p95'),
        query(quantile(0.99, loadOnServer.buckets('touchline_profile_delivery_latency_seconds')), 'p99'),
      ],
      limits: [{ at: LIMITS.deliveryP50Seconds, colour: 'green' }, bad(LIMITS.deliveryP99Seconds)],
    }),
    lines({
      title: 'Not delivered',
      shows: 'Copies of broadcasts not handed over, by reason, and messages the engine threw away.',
      act: 'Should be 0: with a fault switched on it is that fault, without one it is a loss.',
      unit: units.MessagesPerSecond,
      queries: [
        query(happened(8, 'touchline_deliveries_dropped_total', 'reason'), '{{reason}}'),
        query(sum(server.rate('touchline_engine_dropped_messages_total')), 'dropped by the engine'),
      ],
      limits: [bad(0.001)],
    }),
  ],
};

export const CLOSE: Row = {
  title: 'Close',
  panels: [
    lines({
      title: 'Closed by code',
      shows:
        'Connections ended per second by close code: 1000 and 1001 are normal, 1006 is lost without a close frame, 4001 a drain, 4002 a slow consumer, 4004 a missed heartbeat, 4005 over the rate.',
      act: '1006 and 4xxx call for a look: at the network, at the clients that do not read, at the clients that send too much.',
      unit: units.CountsPerSecond,
      queries: [query(happened(10, 'touchline_connections_closed_total', 'code'), '{{code}}')],
      stacked: true,
    }),
    lines({
      title: 'Closed by the server',
      shows: 'Slow consumers closed, by the limit they passed, and connections silent for a whole heartbeat.',
      act: 'Should be 0. Slow consumers: clients that read too little. Heartbeats: clients that vanished.',
      unit: units.CountsPerSecond,
      queries: [
        query(happened(3, 'touchline_slow_consumers_closed_total', 'limit'), 'slow, by {{limit}}'),
        query(sum(server.rate('touchline_heartbeats_missed_total')), 'heartbeat missed'),
      ],
      limits: [bad(0.001)],
    }),
    lines({
      title: 'Drain',
      shows:
        'Connections that a draining server still has, and how many ended in time or were cut at its deadline, since it started.',
      act: 'Connections cut at the deadline did not obey their close frame: give the drain more time, or mend the client.',
      unit: units.Short,
      queries: [
        query(sum(server.gauge('touchline_drain_remaining')), 'still open'),
        query(sum(server.sinceStart('touchline_drain_closed_total')), 'ended in time'),
        query(sum(server.sinceStart('touchline_drain_cut_total')), 'cut'),
        query(sum(server.gauge('touchline_draining')), 'servers that drain'),
      ],
    }),
  ],
};

export const SERVER_ITSELF: Row = {
  title: 'The server itself',
  panels: [
    labelTable({
      title: 'Versions',
      shows: 'What each server runs.',
      act: 'Different versions side by side make figures hard to compare.',
      unit: units.String,
      queries: [query(max(server.gauge('touchline_build_info'), 'instance', 'version', 'node'), '')],
      columns: { instance: 'server', version: 'touchline', node: 'Node' },
    }),
    lines({
      title: 'Faults switched on',
      shows:
        'Faults that were switched on to see whether they are found: the value is the setting, percent or ms.',
      act: 'Outside an experiment there must be none.',
      unit: units.Short,
      queries: [
        query(
          orNone(max(server.gauge('touchline_fault_active'), 'fault'), 'fault', SERVER_PRESENCE),
          '{{fault}}',
        ),
      ],
      limits: [bad(0.001)],
    }),
    lines({
      title: 'Harm done by faults',
      shows: 'Times a fault struck, per second.',
      act: 'Explains what is amiss on the other panels while an experiment runs.',
      unit: units.CountsPerSecond,
      queries: [query(happened(10, 'touchline_fault_injections_total', 'fault'), '{{fault}}')],
    }),
  ],
};
