/** Panels that stand on more than one board, so that they read the same everywhere. */

import * as units from '@grafana/grafana-foundation-sdk/units';
import { LIMITS } from '../limits.ts';
import { bad, lines, query } from '../panels.ts';
import { max, ratio, server, sum } from '../queries.ts';

export const sendQueueBytes = lines({
  title: 'Unsent bytes',
  shows:
    'Bytes handed over and not yet taken by the kernel: of all connections, and of the one that has most.',
  act: 'A line that climbs is a client that stopped reading. The server closes it at WS_MAX_BUFFERED_BYTES (1 MiB by default).',
  unit: units.BytesSI,
  queries: [
    query(sum(server.gauge('touchline_send_queue_bytes')), 'all connections'),
    query(max(server.gauge('touchline_send_queue_bytes_max')), 'the largest'),
  ],
});

export const sendQueueAge = lines({
  title: 'Age of the oldest unsent byte',
  shows: 'How long the oldest byte of any connection has waited for the kernel.',
  act: 'Latency that a client cannot see coming. At WS_MAX_BUFFERED_AGE_MS (10 s by default) the connection is closed.',
  unit: units.Seconds,
  queries: [query(max(server.gauge('touchline_send_queue_age_seconds_max'), 'instance'), '{{instance}}')],
  limits: [bad(LIMITS.queueAgeSeconds)],
});

export const slowConsumers = lines({
  title: 'Slow consumers by server',
  shows: 'Connections that have unsent bytes now.',
  act: 'Above 0 for long: find the clients that do not read. If all are slow at once, it is the network or the machine.',
  unit: units.Short,
  queries: [query(sum(server.gauge('touchline_slow_consumers'), 'instance'), '{{instance}}')],
  limits: [bad(1)],
});

export const framesPerWrite = lines({
  title: 'Frames per write',
  shows: 'Frames of deliveries ÷ writes to sockets that carried them.',
  act: '1 means each message is a system call of its own. Above 1, broadcasts of one turn share a write: cheaper, and no later.',
  unit: units.Short,
  decimals: 2,
  queries: [
    query(
      ratio(
        sum(server.rate('touchline_frames_written_total'), 'instance'),
        sum(server.rate('touchline_socket_writes_total'), 'instance'),
      ),
      '{{instance}}',
    ),
  ],
});

/** CPU, counted in cores. */
export const CORES = 'suffix: cores';

/** Busy time ÷ all time of each server's loop. */
export const loopUtilisation = ratio(
  sum(server.rate('touchline_loop_active_seconds_total'), 'instance'),
  `(${sum(server.rate('touchline_loop_active_seconds_total'), 'instance')} + ${sum(server.rate('touchline_loop_idle_seconds_total'), 'instance')})`,
);

/**
 * What connections added to memory, ÷ those connections: both counted above their least in the time that is shown, for what an
 * idle server takes is not theirs.
 *
 * @param enough how many must have come, as PromQL compares: `> 0`
 */
export function growthPerConnection(
  memory: 'process_resident_memory_bytes' | 'nodejs_heap_size_used_bytes',
  enough: string,
): string {
  const above = (name: typeof memory | 'touchline_connections') =>
    `(${sum(server.gauge(name))} - ${sum(server.least(name))})`;
  return `${above(memory)} / (${above('touchline_connections')} ${enough})`;
}
