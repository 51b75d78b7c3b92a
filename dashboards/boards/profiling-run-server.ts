/** Profiling run, the server that it drives: joined by the label `server` of the run. */

import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../board.ts';
import { LIMITS } from '../limits.ts';
import { bad, lines, query } from '../panels.ts';
import { drivenServer, load, max, quantile, ratio, sum } from '../queries.ts';
import { CORES } from './shared.ts';

const active = sum(drivenServer.rate('touchline_loop_active_seconds_total'), 'instance');
const idle = sum(drivenServer.rate('touchline_loop_idle_seconds_total'), 'instance');

export const DRIVEN: Row = {
  title: 'The server that the run drives',
  panels: [
    lines({
      title: 'Connections on both sides',
      shows: 'Connections as the server counts them, and clients as the run counts them.',
      act: 'They must be equal but for others who use the server. Server above clients: connections that nobody closed.',
      unit: units.Short,
      queries: [
        query(sum(drivenServer.gauge('touchline_connections')), 'on the server'),
        query(sum(load.gauge('touchline_profile_connections')), 'connected'),
      ],
    }),
    lines({
      title: 'Deliveries on both sides',
      shows: 'Copies the server handed over, and copies the clients received, per second.',
      act: 'Clients below the server for long: unread, on the way, or lost.',
      unit: units.MessagesPerSecond,
      queries: [
        query(sum(drivenServer.rate('touchline_deliveries_total')), 'delivered'),
        query(sum(load.rate('touchline_profile_deliveries_total')), 'received by clients'),
      ],
    }),
    lines({
      title: 'Broadcast duration',
      shows: 'From publishing a message until every member was written to.',
      act: 'The part of the delivery latency that the server is to blame for.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, drivenServer.buckets('touchline_broadcast_duration_seconds')), 'p50'),
        query(quantile(0.99, drivenServer.buckets('touchline_broadcast_duration_seconds')), 'p99'),
      ],
      limits: [bad(LIMITS.deliveryP99Seconds)],
    }),
    lines({
      title: 'Loop delay p99 of the server',
      shows: 'How late its event loop is.',
      act: 'Above 50 ms the server is what is late.',
      unit: units.Seconds,
      queries: [
        query(
          quantile(0.99, drivenServer.buckets('touchline_loop_delay_seconds'), 'instance'),
          '{{instance}}',
        ),
      ],
      limits: [bad(LIMITS.loopDelaySeconds)],
    }),
    lines({
      title: 'CPU and loop of the server',
      shows: 'CPU in cores, and the share of time its loop was busy.',
      act: 'A loop above 0.9 is the limit of the server: this is the knee.',
      unit: CORES,
      queries: [
        query(sum(drivenServer.rate('process_cpu_seconds_total')), 'CPU'),
        query(max(ratio(active, `(${active} + ${idle})`)), 'busy loop'),
      ],
      limits: [bad(LIMITS.serverLoopRatio)],
    }),
    lines({
      title: 'Memory of the server',
      shows: 'Resident memory and heap used.',
      act: 'It must come back when the clients of a tier have left, but for what V8 keeps.',
      unit: units.BytesSI,
      queries: [
        query(sum(drivenServer.gauge('process_resident_memory_bytes')), 'rss'),
        query(sum(drivenServer.gauge('nodejs_heap_size_used_bytes')), 'heap used'),
      ],
    }),
    lines({
      title: 'Unsent bytes of the server',
      shows: 'Bytes it handed over and the kernel has not taken.',
      act: 'A line that climbs: clients of the run do not read fast enough. Is the generator busy?',
      unit: units.BytesSI,
      queries: [
        query(sum(drivenServer.gauge('touchline_send_queue_bytes')), 'all connections'),
        query(max(drivenServer.gauge('touchline_send_queue_bytes_max')), 'the largest'),
      ],
    }),
    lines({
      title: 'Ticks of the server',
      shows: 'The four rates of the tick feed, in a firehose run.',
      act: 'Only delivered is throughput. See "Broadcast and ticks".',
      unit: units.CountsPerSecond,
      queries: [
        query(sum(drivenServer.rate('touchline_ticks_offered_total')), 'offered'),
        query(sum(drivenServer.rate('touchline_ticks_buffered_total')), 'buffered'),
        query(sum(drivenServer.rate('touchline_ticks_flushed_total')), 'flushed'),
        query(sum(drivenServer.rate('touchline_ticks_acknowledged_total')), 'delivered'),
      ],
    }),
    lines({
      title: 'File descriptors of the server',
      shows: 'Open descriptors: one for each connection, and a few dozen more.',
      act: 'Above the connections after a tier, sockets were left open.',
      unit: units.Short,
      queries: [
        query(sum(drivenServer.gauge('process_open_fds')), 'open'),
        query(sum(drivenServer.gauge('touchline_connections')), 'on the server'),
      ],
    }),
  ],
};
