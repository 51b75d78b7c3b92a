/** Where the memory is, what the collector does, how late the loop is, what the process holds. */

import * as units from '@grafana/grafana-foundation-sdk/units';
import type { BoardSpec, Row } from '../board.ts';
import { LIMITS } from '../limits.ts';
import { bad, lines, query, stat } from '../panels.ts';
import { max, quantile, ratio, server, sum } from '../queries.ts';
import { COLLECTOR, LOOP, PROCESS } from './memory-runtime-loop.ts';
import { CORES, growthPerConnection, loopUtilisation } from './shared.ts';

const STRIP = [
  stat({
    title: 'RSS',
    shows: 'Resident memory of all chosen servers.',
    act: 'What the machine gives. Growth that no connection explains: run profile:memory.',
    unit: units.BytesSI,
    queries: [query(sum(server.gauge('process_resident_memory_bytes')), 'rss')],
    width: 4,
  }),
  stat({
    title: 'Heap used',
    shows: 'V8 heap in use, garbage not yet collected included.',
    act: 'A saw-tooth is normal. Floors of the teeth that rise under steady load are a leak.',
    unit: units.BytesSI,
    queries: [query(sum(server.gauge('nodejs_heap_size_used_bytes')), 'heap used')],
    width: 4,
  }),
  stat({
    title: 'Time in GC',
    shows: 'Share of time that collection pauses take, of the server where it is most.',
    act: 'Above a tenth the heap is too small or messages make too much garbage.',
    unit: units.PercentUnit,
    decimals: 2,
    queries: [query(max(sum(server.part('nodejs_gc_duration_seconds', 'sum'), 'instance')), 'time in GC')],
    limits: [bad(LIMITS.gcTimeRatio)],
    width: 4,
  }),
  stat({
    title: 'Loop delay p99',
    shows: 'How late the event loop is, of the server where it is latest.',
    act: 'Above 50 ms everything is late: GC, a long computation, or a full core.',
    unit: units.Seconds,
    queries: [query(max(quantile(0.99, server.buckets('touchline_loop_delay_seconds'), 'instance')), 'p99')],
    limits: [bad(LIMITS.loopDelaySeconds)],
    width: 4,
  }),
  stat({
    title: 'Loop utilisation',
    shows: 'Share of time the loop was busy, of the busiest server.',
    act: 'Above 90 % the server is at its limit: more servers, or less for each message.',
    unit: units.PercentUnit,
    queries: [query(max(loopUtilisation), 'utilisation')],
    limits: [bad(LIMITS.serverLoopRatio)],
    width: 4,
  }),
  stat({
    title: 'File descriptors used',
    shows: 'Open descriptors ÷ the most there may be, of the server nearest to it. Each connection is one.',
    act: 'Above 80 % raise `ulimit -n`: at the limit, connections are refused.',
    unit: units.PercentUnit,
    queries: [
      query(
        max(
          ratio(
            max(server.gauge('process_open_fds'), 'instance'),
            max(server.gauge('process_max_fds'), 'instance'),
          ),
        ),
        'descriptors',
      ),
    ],
    limits: [bad(LIMITS.fdsRatio)],
    width: 4,
  }),
];

const MEMORY: Row = {
  title: 'Memory',
  panels: [
    lines({
      title: 'Memory by kind',
      shows:
        'Resident memory, V8 heap, memory outside it that V8 objects hold; array buffers are part of external.',
      act: 'Resident far above heap total + external is the allocator, threads and code. See which line grows.',
      unit: units.BytesSI,
      queries: [
        query(sum(server.gauge('process_resident_memory_bytes')), 'rss'),
        query(sum(server.gauge('nodejs_heap_size_total_bytes')), 'heap total'),
        query(sum(server.gauge('nodejs_heap_size_used_bytes')), 'heap used'),
        query(sum(server.gauge('nodejs_external_memory_bytes')), 'external'),
        query(sum(server.gauge('touchline_array_buffers_bytes')), 'array buffers'),
      ],
      width: 12,
      height: 9,
    }),
    lines({
      title: 'Heap spaces',
      shows:
        'V8 heap in use by space: new for what is young, old for what stayed, large_object for what is big, code for compiled code.',
      act: 'Old that grows without end is a leak; new is garbage of the moment.',
      unit: units.BytesSI,
      queries: [query(sum(server.gauge('nodejs_heap_space_size_used_bytes'), 'space'), '{{space}}')],
      stacked: true,
      width: 12,
      height: 9,
    }),
    lines({
      title: 'RSS by server',
      shows: 'Resident memory of each server.',
      act: 'One server that grows alone has more connections, or a leak.',
      unit: units.BytesSI,
      queries: [query(sum(server.gauge('process_resident_memory_bytes'), 'instance'), '{{instance}}')],
    }),
    lines({
      title: 'Memory per connection',
      shows:
        'What connections added to resident memory and to the heap ÷ connections, both above their least in this time.',
      act: 'Above 50 KB with hundreds of connections, see what each holds with profile:memory. Needs a time range with an idle server in it; with few connections it says little.',
      unit: units.BytesSI,
      queries: [
        query(growthPerConnection('process_resident_memory_bytes', '> 0'), 'rss'),
        query(growthPerConnection('nodejs_heap_size_used_bytes', '> 0'), 'heap used'),
      ],
      limits: [bad(LIMITS.rssPerConnectionBytes)],
    }),
    lines({
      title: 'Heap used ÷ heap total',
      shows: 'How full the heap is that V8 has reserved, by server.',
      act: 'Near 1 for long, V8 collects more and more often.',
      unit: units.PercentUnit,
      max: 1,
      queries: [
        query(
          ratio(
            sum(server.gauge('nodejs_heap_size_used_bytes'), 'instance'),
            sum(server.gauge('nodejs_heap_size_total_bytes'), 'instance'),
          ),
          '{{instance}}',
        ),
      ],
    }),
  ],
};

const CPU: Row = {
  title: 'CPU',
  panels: [
    lines({
      title: 'CPU, user and system',
      shows: 'CPU of all chosen servers in cores. System is the kernel: sockets, mostly.',
      act: 'System above user: many small writes. See frames per write.',
      unit: CORES,
      queries: [
        query(sum(server.rate('process_cpu_user_seconds_total')), 'user'),
        query(sum(server.rate('process_cpu_system_seconds_total')), 'system'),
      ],
      stacked: true,
    }),
    lines({
      title: 'CPU by server',
      shows: 'CPU of each server in cores: JavaScript has one, collector and I/O threads come on top.',
      act: 'At 1 and above the loop has no room left: see its utilisation.',
      unit: CORES,
      queries: [query(sum(server.rate('process_cpu_seconds_total'), 'instance'), '{{instance}}')],
      limits: [bad(1)],
    }),
    lines({
      title: 'CPU per 1,000 connections',
      shows: `Cores ÷ connections × 1,000, from ${LIMITS.connectionsForMemory} connections on.`,
      act: 'Above 0.2 under steady load a connection costs too much: fewer broadcasts, fewer members, or more servers.',
      unit: CORES,
      queries: [
        query(
          `1000 * ${sum(server.rate('process_cpu_seconds_total'))} / ` +
            `(${sum(server.gauge('touchline_connections'))} >= ${LIMITS.connectionsForMemory})`,
          'per 1,000 connections',
        ),
      ],
      limits: [bad(LIMITS.cpuPer1000Cores)],
    }),
  ],
};

export const MEMORY_RUNTIME: BoardSpec = {
  uid: 'touchline-memory-runtime',
  title: 'touchline: memory and runtime',
  description: 'Memory, garbage collection, event loop, CPU, handles and file descriptors of a server.',
  strip: STRIP,
  rows: [MEMORY, COLLECTOR, LOOP, CPU, PROCESS],
  variables: 'server',
};
