/** What stands below k6's summary: what the server counted itself, and how many cores each side kept busy. */

import { availableParallelism } from 'node:os';
import type { K6Summary } from '../k6/lib/summary.ts';
import { short, summaryLine, whole } from '../k6/lib/summary-text.ts';
import { broadcastP99, type ServerFigures } from './server-figures.ts';

export interface Beside {
  readonly summary: Pick<K6Summary, 'counts'>;
  /** Null where its admin port is not known. */
  readonly server: ServerFigures | null;
  /** Cores kept busy; null where that is not known. */
  readonly cores: { readonly k6: number | null; readonly server: number | null };
}

/** @returns '' where nothing is known */
export function besideText(
  { summary, server, cores }: Beside,
  machineCores = availableParallelism(),
): string {
  const lines = [];
  if (server !== null) lines.push(summaryLine('server', serverText(server, summary)));
  const sides = [
    ...(cores.k6 === null ? [] : [`k6 ${short(cores.k6)}`]),
    ...(cores.server === null ? [] : [`the server ${short(cores.server)}`]),
  ];
  if (sides.length > 0) {
    lines.push(summaryLine('cores busy', `${sides.join(', ')}, of ${machineCores} on this machine`));
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function serverText(server: ServerFigures, { counts }: Beside['summary']): string {
  const { deliveries = 0 } = counts;
  const seconds = broadcastP99(server);
  return [
    `${whole(server.deliveries)} deliveries handed over${server.deliveries === deliveries ? ', as many as k6 received' : `, k6 received ${whole(deliveries)}`}`,
    ...(server.dropped === 0 ? [] : [`${whole(server.dropped)} dropped`]),
    ...(seconds === undefined ? [] : [`p99 of a broadcast ${boundText(seconds)}`]),
  ].join('; ');
}

/** A histogram knows no more than the bound of a bucket. */
function boundText(seconds: number): string {
  return Number.isFinite(seconds) ? `at most ${short(seconds * 1_000)} ms` : 'beyond its histogram';
}
