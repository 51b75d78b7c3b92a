/** What a concurrency run is found to be: the shape that `judgeConcurrency` gives. */

import type { Limit, ValidityProblem, Verdict } from '../verdict.ts';

export interface TierValidity {
  readonly connections: number;
  readonly problems: readonly ValidityProblem[];
}

export interface TierVerdict {
  readonly connections: number;
  /** Names of the thresholds that this tier does not hold. */
  readonly broken: readonly string[];
  readonly limit: Limit;
}

/** Whether there is no knee for want of measurement: no tier was measured to its end, and none broke a limit. */
export function isKneeUnknown({ knee, tiers }: Pick<ConcurrencyVerdict, 'knee' | 'tiers'>): boolean {
  return knee === null && (tiers[0]?.broken.length ?? 0) === 0;
}

export interface ConcurrencyVerdict extends Verdict {
  readonly validity: readonly TierValidity[];
  readonly tiers: readonly TierVerdict[];
  /** Connections of the last tier that holds every threshold, all smaller ones holding too; null when none does. */
  readonly knee: number | null;
  /** Latency and CPU are judged up to this many connections. */
  readonly judgedUpTo: number;
}
