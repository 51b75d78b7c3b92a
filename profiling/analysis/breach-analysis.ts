/** What was caught when a limit broke, with the server's figures of that second. */

import type { BreachRecord } from '../record/breach-record.ts';
import type { ProfiledFunction } from '../record/profile-record.ts';
import type { ServerSample, TierRecord } from '../record/tier-record.ts';
import { nearestSample } from './nearest-sample.ts';

/** Less of the profile's time is no cause: the server waited, or did many small things. */
const LEAST_RATIO = 0.1;

export interface BreachAnalysis extends BreachRecord {
  /** The reading of the server nearest to that second; null where it shows none. */
  readonly server: ServerSample | null;
  /** Of the profile's time; null without a profile. */
  readonly busyRatio: number | null;
  /** The function to look at: outside of Node.js and its packages where there is one; null where none took enough. */
  readonly culprit: ProfiledFunction | null;
}

/** @returns null where nothing broke while the tier was measured, or nothing could be caught */
export function analyseBreach({ breach, serverSamples }: TierRecord): BreachAnalysis | null {
  if (breach === undefined) return null;
  const { profile } = breach;
  const busyRatio =
    profile === null || profile.durationMs === 0 ? null : Math.min(1, profile.busyMs / profile.durationMs);
  const isGrave = ({ totalRatio }: ProfiledFunction) => totalRatio * (busyRatio ?? 0) >= LEAST_RATIO;
  const grave = (profile?.functions ?? []).filter(isGrave);
  return {
    ...breach,
    server: nearestSample(serverSamples, breach.elapsedMs),
    busyRatio,
    culprit: grave.find(isMendable) ?? grave[0] ?? null,
  };
}

/** Node.js and packages are seldom what can be mended first. */
function isMendable({ file }: ProfiledFunction): boolean {
  return file !== '' && !file.startsWith('node:') && !file.startsWith('node_modules/');
}
