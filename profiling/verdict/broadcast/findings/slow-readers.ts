/** What readers that stopped reading did to the others, and what the server did with them. */

import { type SlowReaderAnalysis, slowReaderLabel } from '../../../analysis/broadcast/broadcast-analysis.ts';
import { formatAskedRate, formatBytes, formatCount, formatMs } from '../../quantities.ts';
import type { Finding } from '../../verdict.ts';
import type { JudgingContext } from '../judging-context.ts';

/** Two windows with the same load differ by less than this, or by half as much again: see analysis/steadiness. */
const NOISE_MS = 2;
const NOISE_RATIO = 2;

const TITLES = {
  spared: 'Slow readers do not hold the others up',
  'held-up': 'Slow readers hold the others up',
  unknown: 'Whether slow readers hold the others up cannot be told on this rig',
} as const;

const WHAT_TO_DO = {
  spared: 'Nothing: each connection has a queue of its own.',
  'held-up':
    'Lower WS_MAX_BUFFERED_BYTES or WS_MAX_BUFFERED_AGE_MS so that slow readers are let go sooner, and look at what waits for them.',
  unknown: 'Run again on a quiet machine: other work may be why the two windows differ.',
} as const;

/** The two sides of the comparison; null when it was not made. */
export function comparisonOf(
  analysis: JudgingContext['analysis'],
): { readonly without: SlowReaderAnalysis; readonly withSlow: SlowReaderAnalysis } | null {
  const without = analysis.slowReaders.find(({ slowReaders }) => slowReaders === 0);
  const withSlow = analysis.slowReaders.find(({ slowReaders }) => slowReaders > 0);
  return without === undefined || withSlow === undefined ? null : { without, withSlow };
}

export function slowReaderFindings({ analysis, loads }: JudgingContext): readonly Finding[] {
  const compared = comparisonOf(analysis);
  if (compared === null) return [];
  const { without, withSlow } = compared;
  const before = without.tier.delivery;
  const after = withSlow.tier.delivery;
  const spared = isAlike(before.p50Ms, after.p50Ms) && isAlike(before.p99Ms, after.p99Ms);
  const sick = loads.find(
    ({ tier, allProblems }) =>
      (tier === without.tier || tier === withSlow.tier) &&
      allProblems.some(({ code }) => code !== 'not-steady'),
  );
  const outcome = spared ? 'spared' : sick === undefined ? 'held-up' : 'unknown';
  const readers = slowReaderLabel(withSlow.slowReaders);
  return [
    {
      title: TITLES[outcome],
      seen: `At ${formatAskedRate(withSlow.rate)} broadcasts/s of ${formatCount(withSlow.textLength)} characters, ${readers} among them, the others waited ${formatMs(after.p50Ms)} at p50 and ${formatMs(after.p99Ms)} at p99; without, ${formatMs(before.p50Ms)} and ${formatMs(before.p99Ms)}. ${whatBecameOfThem(withSlow)}`,
      where: 'server/hub/backpressure.ts (limits of bytes and age) and server/transport/heartbeat.ts',
      todo: WHAT_TO_DO[outcome],
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

function isAlike(before: number | null, after: number | null): boolean {
  if (before === null || after === null) return true;
  return after - before <= NOISE_MS || after <= NOISE_RATIO * before;
}
