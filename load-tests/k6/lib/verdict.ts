/** What a test says: whether the limits were held, and whether k6 itself did what was asked of it. */

import { METRICS } from './metric-names.ts';
import type { K6Summary } from './summary.ts';

export type K6Verdict = 'pass' | 'fail' | 'inconclusive';

/** What a verdict hangs on. */
export type Judged = Pick<
  K6Summary,
  'held' | 'limits' | 'iterations' | 'droppedIterations' | 'unfinished' | 'latencyMs'
>;

/** As in the scenarios: at least 95 % of what was asked for must have been sent. */
const MOST_DROPPED = 0.05;
/** As much as the limit of the median latency. */
const MOST_LAG_MS = 10;

export function verdictOf(judged: Judged): K6Verdict {
  if (!judged.held) return blamesLateK6(judged) ? 'inconclusive' : 'fail';
  const { iterations, droppedIterations, unfinished } = judged;
  const isLoadShort = droppedIterations > MOST_DROPPED * (iterations + droppedIterations);
  return unfinished > 0 || isLoadShort ? 'inconclusive' : 'pass';
}

/** How late k6 was with its own schedule: p99 in ms. */
export function lagOf({ latencyMs }: Pick<Judged, 'latencyMs'>): number {
  return latencyMs['scheduleLag']?.['p(99)'] ?? 0;
}

export function isLate(judged: Pick<Judged, 'latencyMs'>): boolean {
  return lagOf(judged) > MOST_LAG_MS;
}

/**
 * Whether only latencies broke their limits while k6 was late with its own schedule: they may be k6's own then, and say nothing of
 * the server.
 */
function blamesLateK6(judged: Judged): boolean {
  const broken = judged.limits.filter(({ held }) => !held);
  return isLate(judged) && broken.every(({ metric }) => metric === METRICS.deliveryLatency);
}
