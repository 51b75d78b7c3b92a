/** How long the server held connections that had ended, and of how many ends it learned by its heartbeat alone. */

import type { FailureCount } from '../../../load-tests/generator/load-result.ts';
import type { ChurnRecord } from '../../record/churn-record.ts';
import type { ReleaseFigures } from './churn-analysis.ts';

/** How the reference server ends a connection that answered no heartbeat. */
const MISSED_HEARTBEAT = 'close_4004';

/** @returns null where the target does not show how many connections it holds */
export function releaseFigures(record: ChurnRecord): ReleaseFigures | null {
  const { releases, heartbeatMs } = record;
  const watched = releases.map(
    ({ after, releasedMs, waitedMs, stillHeld }): ReleaseFigures => ({
      after,
      longestMs: releasedMs ?? waitedMs,
      stillHeld,
      isLowerBound: releasedMs === null,
    }),
  );
  // A missed heartbeat takes one whole heartbeat without a sign of life: nobody can be found sooner.
  const unnoticed = unnoticedEnds(record) ?? 0;
  const bound: readonly ReleaseFigures[] =
    unnoticed === 0 || heartbeatMs === null
      ? []
      : [{ after: 'churn', longestMs: heartbeatMs, stillHeld: 0, isLowerBound: true }];
  return [...watched, ...bound].reduce<ReleaseFigures | null>(
    (longest, next) => (longest === null || next.longestMs > longest.longestMs ? next : longest),
    null,
  );
}

/**
 * Missed heartbeats that no client explains: neither one that fell silent nor one that was told so. Those ends had
 * reached the server's kernel, and the server did not notice.
 *
 * @returns null where the target shows no such counter, or others use it, too
 */
export function unnoticedEnds({ load, serverCounters, stormCounters, target }: ChurnRecord): number | null {
  const inChurn = serverCounters.heartbeatsMissed ?? null;
  if (load === null || inChurn === null || target.kind === 'running') return null;
  const missed = inChurn + (stormCounters.heartbeatsMissed ?? 0);
  const told = [...load.ends.unasked, ...(load.storm?.disconnects ?? [])];
  return Math.max(0, missed - load.halfOpen.detected - countOf(told, MISSED_HEARTBEAT));
}

function countOf(failures: readonly FailureCount[], reason: string): number {
  return failures.reduce((total, failure) => total + (failure.reason === reason ? failure.count : 0), 0);
}
