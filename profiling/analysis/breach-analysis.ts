/** What was caught when a limit broke, with the server's figures of that second. */

import type { BreachRecord } from '../record/breach-record.ts';
import type { ServerSample, TierRecord } from '../record/tier-record.ts';
import { nearestSample } from './nearest-sample.ts';

export interface BreachAnalysis extends BreachRecord {
  /** The reading of the server nearest to that second; null where it shows none. */
  readonly server: ServerSample | null;
  /** Of the profile's time; null without a profile. */
  readonly busyRatio: number | null;
}

/** @returns null where nothing broke while the tier was measured, or nothing could be caught */
export function analyseBreach({ breach, serverSamples }: TierRecord): BreachAnalysis | null {
  if (breach === undefined) return null;
  const { profile } = breach;
  const busyRatio =
    profile === null || profile.durationMs === 0 ? null : Math.min(1, profile.busyMs / profile.durationMs);
  return {
    ...breach,
    server: nearestSample(serverSamples, breach.elapsedMs),
    busyRatio,
  };
}
