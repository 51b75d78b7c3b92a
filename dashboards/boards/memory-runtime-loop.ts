/** Memory and runtime: collector, loop, handles and descriptors. */

import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../board.ts';
import { LIMITS } from '../limits.ts';
import { bad, heatmap, lines, query } from '../panels.ts';
import { max, quantile, server, sum } from '../queries.ts';
import { loopUtilisation } from './shared.ts';

const pause = (share: number, kind: string) =>
  quantile(share, server.buckets('nodejs_gc_duration_seconds', `kind="${kind}"`));

export const COLLECTOR: Row = {
  title: 'Garbage collection',
  panels: [
    lines({
      title: 'Collections by kind',
      shows:
        'Collections per second: minor clears what is young, major the whole heap, incremental is a step of a major one.',
      act: 'Many minor ones are garbage of messages; many major ones a heap near its limit.',
      unit: units.CountsPerSecond,
      queries: [query(sum(server.part('nodejs_gc_duration_seconds', 'count'), 'kind'), '{{kind}}')],
    }),
    lines({
      title: 'Time in collections',
      shows: 'Share of time that pauses take, by kind.',
      act: 'Above a tenth, latency is made of pauses.',
      unit: units.PercentUnit,
      queries: [query(sum(server.part('nodejs_gc_duration_seconds', 'sum'), 'kind'), '{{kind}}')],
      limits: [bad(LIMITS.gcTimeRatio)],
      stacked: true,
    }),
    lines({
      title: 'Pauses p99',
      shows: 'Ninety-nine of a hundred pauses were shorter, by kind.',
      act: 'A major pause of tens of ms is a large heap: everyone waits for it.',
      unit: units.Seconds,
      queries: [
        query(pause(0.99, 'minor'), 'minor p99'),
        query(pause(0.99, 'major'), 'major p99'),
        query(pause(0.5, 'minor'), 'minor p50'),
        query(pause(0.5, 'major'), 'major p50'),
      ],
      points: true,
      limits: [bad(LIMITS.loopDelaySeconds)],
    }),
  ],
};

export const LOOP: Row = {
  title: 'Event loop',
  panels: [
    lines({
      title: 'Loop delay',
      shows: 'How late timers fire, weighted by time. The sampler looks every 10 ms, every 40 ms while idle.',
      act: 'p99 above 50 ms: something holds the loop. Compare with pauses and with broadcasts.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.5, server.buckets('touchline_loop_delay_seconds')), 'p50'),
        query(quantile(0.95, server.buckets('touchline_loop_delay_seconds')), 'p95'),
        query(quantile(0.99, server.buckets('touchline_loop_delay_seconds')), 'p99'),
      ],
      limits: [bad(LIMITS.loopDelaySeconds)],
    }),
    heatmap({
      title: 'Loop delay, all of it',
      shows: 'How much time was spent at which delay. Bright is much.',
      act: 'A second band above the first is something that blocks now and then.',
      unit: units.Seconds,
      buckets: sum(server.buckets('touchline_loop_delay_seconds'), 'le'),
    }),
    lines({
      title: 'Loop utilisation',
      shows: 'Busy time ÷ all time of the loop, by server.',
      act: 'Above 90 % delays grow without bound: this server takes no more.',
      unit: units.PercentUnit,
      max: 1,
      queries: [query(loopUtilisation, '{{instance}}')],
      limits: [bad(LIMITS.serverLoopRatio)],
    }),
    lines({
      title: 'Loop delay p99 by server',
      shows: 'The same for each server: a mean over servers would hide the one that is late.',
      act: 'One late server has more load than the others, or a noisy neighbour.',
      unit: units.Seconds,
      queries: [
        query(quantile(0.99, server.buckets('touchline_loop_delay_seconds'), 'instance'), '{{instance}}'),
      ],
      limits: [bad(LIMITS.loopDelaySeconds)],
      width: 12,
    }),
    lines({
      title: 'Time of a scrape',
      shows: 'How long a server took to answer the scrape before.',
      act: 'Above 15 ms measuring costs what it measures: scrape less often.',
      unit: units.Seconds,
      queries: [query(max(server.gauge('touchline_scrape_duration_seconds'), 'instance'), '{{instance}}')],
      limits: [bad(LIMITS.scrapeSeconds)],
      width: 12,
    }),
  ],
};

export const PROCESS: Row = {
  title: 'Handles and descriptors',
  panels: [
    lines({
      title: 'What keeps the loop alive',
      shows: 'Handles by type: a TCPSocketWrap is a socket, a Timeout a timer.',
      act: 'Sockets or timers that stay when everyone left are a leak: run profile:churn.',
      unit: units.Short,
      queries: [query(sum(server.gauge('nodejs_active_resources'), 'type'), '{{type}}')],
    }),
    lines({
      title: 'File descriptors',
      shows: 'Open descriptors of each server, and the most it may have.',
      act: 'Near the most, connections are refused: raise `ulimit -n`.',
      unit: units.Short,
      queries: [
        query(max(server.gauge('process_open_fds'), 'instance'), '{{instance}}'),
        query(max(server.gauge('process_max_fds'), 'instance'), 'most of {{instance}}'),
      ],
    }),
    lines({
      title: 'Time since the start',
      shows: 'How long each server runs.',
      act: 'A saw-tooth is a server that crashes and is started again.',
      unit: units.Seconds,
      queries: [
        query(`time() - ${max(server.gauge('process_start_time_seconds'), 'instance')}`, '{{instance}}'),
      ],
    }),
  ],
};
