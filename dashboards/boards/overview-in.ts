/** Overview, the way in: connect, receive, fan out. */

import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../board.ts';
import { LIMITS } from '../limits.ts';
import { bad, lines, query } from '../panels.ts';
import { happened, max, mean, quantile, server, sum } from '../queries.ts';

export const CONNECT: Row = {
  title: 'Connect',
  panels: [
    lines({
      title: 'Connections by server',
      shows: 'Open WebSocket connections of each server.',
      act: 'A step down is a drain, a restart or a lost network: the annotations tell. Servers far apart share the load badly.',
      unit: units.Short,
      queries: [query(sum(server.gauge('touchline_connections'), 'instance'), '{{instance}}')],
      stacked: true,
    }),
    lines({
      title: 'Opened and closed',
      shows: 'Connections accepted and ended per second.',
      act: 'Both high at once is churn: clients reconnect in a loop. See "Closed by code".',
      unit: units.CountsPerSecond,
      queries: [
        query(sum(server.rate('touchline_connections_opened_total')), 'opened'),
        query(sum(server.rate('touchline_connections_closed_total')), 'closed'),
      ],
    }),
    lines({
      title: 'Upgrades refused',
      shows: 'Upgrade requests refused before there was a WebSocket, by reason.',
      act: 'Should be 0. The reason names the setting: a limit of connections, an origin, a drain.',
      unit: units.CountsPerSecond,
      queries: [query(happened(8, 'touchline_upgrades_refused_total', 'reason'), '{{reason}}')],
      limits: [bad(0.001)],
    }),
  ],
};

export const RECEIVE: Row = {
  title: 'Receive',
  panels: [
    lines({
      title: 'Received by type',
      shows: 'Messages from clients by event type; "invalid" had none.',
      act: 'A type that grows on its own is a client in a loop.',
      unit: units.MessagesPerSecond,
      queries: [query(happened(10, 'touchline_messages_received_total', 'type'), '{{type}}')],
      stacked: true,
    }),
    lines({
      title: 'Messages rejected',
      shows:
        'Messages answered with an error, by its code, and those dropped because the connection was over its rate.',
      act: 'Should be 0. The code says what was wrong with the message; "over the rate" ends in close code 4005.',
      unit: units.MessagesPerSecond,
      queries: [
        query(happened(8, 'touchline_messages_rejected_total', 'code'), '{{code}}'),
        query(sum(server.rate('touchline_rate_limited_total')), 'over the rate'),
      ],
      limits: [bad(0.001)],
    }),
    lines({
      title: 'Bytes received',
      shows: 'Payload of messages, and all that was read from the sockets, framing and handshakes included.',
      act: 'Wire far above payload is handshakes or many tiny messages.',
      unit: units.BytesPerSecondSI,
      queries: [
        query(sum(server.rate('touchline_received_payload_bytes_total')), 'received'),
        query(sum(server.rate('touchline_wire_received_bytes_total')), 'received on the wire'),
      ],
    }),
    lines({
      title: 'HTTP requests',
      shows: 'Requests on the public port by route and status: commentary is published this way.',
      act: 'Anything but 2xx is a publisher turned away.',
      unit: units.RequestsPerSecond,
      queries: [
        query(happened(10, 'touchline_http_requests_total', 'route', 'status'), '{{route}} {{status}}'),
      ],
    }),
    lines({
      title: 'HTTP p99 by route',
      shows: 'Ninety-nine of a hundred requests were answered within this time.',
      act: 'If it rises with the loop delay, the server is busy; if alone, look at that route.',
      unit: units.Seconds,
      queries: [
        query(
          quantile(0.99, server.buckets('touchline_http_request_duration_seconds'), 'route'),
          '{{route}}',
        ),
      ],
      limits: [bad(LIMITS.deliveryP99Seconds)],
    }),
    lines({
      title: 'Resumes',
      shows: 'Subscribes that asked for what they missed, by result, and the messages given back.',
      act: 'Results other than "recovered" mean clients were away longer than the history reaches.',
      unit: units.CountsPerSecond,
      queries: [
        query(happened(6, 'touchline_resumes_total', 'result'), '{{result}}'),
        query(sum(server.rate('touchline_resumed_messages_total')), 'messages given back'),
      ],
    }),
  ],
};

export const FAN_OUT: Row = {
  title: 'Fan out',
  panels: [
    lines({
      title: 'Rooms and subscriptions',
      shows: 'Rooms that exist, and subscriptions: one for each connection in each room.',
      act: 'Rooms or subscriptions that stay after everyone left are a leak: run profile:memory.',
      unit: units.Short,
      queries: [
        query(sum(server.gauge('touchline_rooms')), 'rooms'),
        query(sum(server.gauge('touchline_subscriptions')), 'subscriptions'),
      ],
    }),
    lines({
      title: 'Recipients of a broadcast',
      shows: 'How many members a broadcast went to, in the mean, and how many the largest room has.',
      act: 'Fan-out is what costs: twice the members is twice the writes.',
      unit: units.Short,
      queries: [
        query(
          mean({
            sum: server.part('touchline_broadcast_recipients', 'sum'),
            count: server.part('touchline_broadcast_recipients', 'count'),
          }),
          'mean',
        ),
        query(max(server.gauge('touchline_room_members_max')), 'members of the largest room'),
      ],
    }),
    lines({
      title: 'Broadcast duration',
      shows: 'From publishing a message until every member was written to.',
      act: 'Above 50 ms at p99, deliveries cannot be in time. Fewer members a room, or more servers.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, server.buckets('touchline_broadcast_duration_seconds')), 'p50'),
        query(quantile(0.95, server.buckets('touchline_broadcast_duration_seconds')), 'p95'),
        query(quantile(0.99, server.buckets('touchline_broadcast_duration_seconds')), 'p99'),
      ],
      limits: [bad(LIMITS.deliveryP99Seconds)],
    }),
  ],
};
