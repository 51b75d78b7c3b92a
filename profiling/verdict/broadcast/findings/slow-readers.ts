/** What readers that stopped reading did to the others, and what the server did with them. */

import { type SlowReaderAnalysis, slowReaderLabel } from '../../../analysis/broadcast/broadcast-analysis.ts';
import { formatAskedRate, formatBytes, formatCount } from '../../quantities.ts';
import type { Finding } from '../../verdict.ts';
import type { SlowReaderComparison, SlowReaderEffect } from '../slow-reader-comparison.ts';

const TITLES = {
  spared: 'Slow readers do not hold the others up',
  'held-up': 'Slow readers hold the others up',
  unknown: 'Whether slow readers hold the others up cannot be told on this rig',
} as const satisfies Record<SlowReaderEffect, string>;

const WHAT_TO_DO = {
  spared: 'Nothing: each connection has a queue of its own.',
  'held-up':
    'Lower WS_MAX_BUFFERED_BYTES or WS_MAX_BUFFERED_AGE_MS so that slow readers are let go sooner, and look at what waits for them.',
  unknown: 'Run again on a quiet machine: other work may be why the two windows differ.',
} as const;

export function slowReaderFindings(compared: SlowReaderComparison | null): readonly Finding[] {
  if (compared === null) return [];
  const { withSlow, effect, conclusion } = compared;
  return [
    {
      title: TITLES[effect],
      seen: `At ${formatAskedRate(withSlow.rate)} broadcasts/s of ${formatCount(withSlow.textLength)} characters, without and ${slowReaderLabel(withSlow.slowReaders)} among them. ${conclusion} ${whatBecameOfThem(withSlow)}`,
      where: 'server/hub/backpressure.ts (limits of bytes and age) and server/transport/heartbeat.ts',
      todo: WHAT_TO_DO[effect],
    },
  ];
}

/** What the server did with the slow readers, in a sentence. */
export function whatBecameOfThem({
  tier,
  slowReaders,
  peakSendQueueBytes,
  bytesPerMember,
}: SlowReaderAnalysis): string {
  const { slowConsumersClosed, heartbeatsMissed } = tier.server.counters;
  if (slowConsumersClosed === null)
    return 'What the server did with them cannot be seen without its metrics.';
  const closed = [
    ...(slowConsumersClosed > 0
      ? [`closed ${formatCount(slowConsumersClosed)} as slow consumers (4002)`]
      : []),
    ...((heartbeatsMissed ?? 0) > 0
      ? [`closed ${formatCount(heartbeatsMissed ?? 0)} because no heartbeat was answered (4004)`]
      : []),
  ];
  const queued = `at most ${formatBytes(peakSendQueueBytes)} waited in the server at any reading`;
  if (closed.length > 0) return `The server ${closed.join(' and ')}; ${queued}.`;
  const whose = slowReaders === 1 ? 'it' : 'each of them';
  return `The server closed none of them while they did not read: ${whose} was sent about ${formatBytes(bytesPerMember)}, of which the kernel takes up to 4 MB by itself; ${queued}.`;
}
