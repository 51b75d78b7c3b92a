/** What broke while it was measured, and what the server did under the same load, in sentences. */

import type { BreachAnalysis } from '../../analysis/breach-analysis.ts';
import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { ProfiledFunction } from '../../record/profile-record.ts';
import { formatCount, formatMs, formatPercent } from '../quantities.ts';
import { isOurs, placeOf } from './hottest-function.ts';

/** Less of the profile's time is no cause: the server waited, or did many small things. */
const LEAST_RATIO = 0.1;

/** `block (server/faults/slow-loop.ts:21)` */
export function functionText(called: ProfiledFunction): string {
  return `${called.functionName} (${placeOf(called)})`;
}

/** The function that a finding names, one of ours where there is one; null where nothing was caught, or none took enough. */
export function culpritOf(breach: BreachAnalysis | null): ProfiledFunction | null {
  const busyRatio = breach?.busyRatio ?? 0;
  const grave = (breach?.profile?.functions ?? []).filter(
    ({ totalRatio }) => totalRatio * busyRatio >= LEAST_RATIO,
  );
  return grave.find(isOurs) ?? grave[0] ?? null;
}

/** Begins with a blank, to follow another sentence; empty where nothing was caught. */
export function breachSentence({ breach }: Pick<TierAnalysis, 'breach'>): string {
  return breach === null
    ? ''
    : ` ${whatBroke(breach)}, and the same load was run once more with a profile of the server: ${whatItDid(breach)}`;
}

/** `p99 broke 1.1 s into the window (80 of 250 deliveries of that half second took longer than 50 ms)` */
export function whatBroke({ threshold, limit, broken, of, elapsedMs }: BreachAnalysis): string {
  return `${threshold} broke ${seconds(elapsedMs)} into the window (${formatCount(broken)} of ${formatCount(of)} deliveries of that half second took longer than ${formatMs(limit)})`;
}

/** Ends with a full stop. */
export function whatItDid(breach: BreachAnalysis): string {
  const { profile, missing, busyRatio } = breach;
  if (profile === null) return `there is no profile (${missing ?? 'the reason is not known'}).`;
  const busy = `it was busy for ${formatPercent(busyRatio)} of ${seconds(profile.durationMs)}`;
  const culprit = culpritOf(breach);
  if (culprit === null) {
    return `${busy}, and no function took a tenth of that time: it waited, or did many small things.`;
  }
  return `${busy}, and ${functionText(culprit)} took ${formatPercent(culprit.totalRatio)} of that with what it calls.`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
