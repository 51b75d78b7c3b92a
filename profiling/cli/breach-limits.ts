/** When a run profiles its server by itself: which limits are watched while it is measured. */

import { samplesNeeded } from '../analysis/latency-figures.ts';
import type { ScenarioName } from '../record/run-record.ts';
import type { Target } from '../run/target.ts';
import { BreachProfiles, type LoadOnceMore } from '../scenarios/breach/breach-profiles.ts';
import type { BreachLimits } from '../scenarios/breach/breach-watch.ts';
import { limitsOf, thresholdsOf } from '../verdict/thresholds.ts';
import type { RunOptions } from './run-options.ts';

/** Mildest first. */
const PERCENTILES = [
  { threshold: 'p50', quantile: 0.5 },
  { threshold: 'p95', quantile: 0.95 },
  { threshold: 'p99', quantile: 0.99 },
] as const;

export interface BreachedRun {
  readonly scenario: { readonly name: ScenarioName };
  readonly options: Pick<RunOptions, 'thresholds' | 'profile'>;
  readonly runFolder: string;
  readonly projectFolder: string;
}

/** @returns null where delivery latency is not judged, the server gives no profile, or `--profile` takes one all the time */
export function breachProfiles(
  { scenario, options, ...folders }: BreachedRun,
  { profiles }: Pick<Target, 'profiles'>,
  load: LoadOnceMore,
): BreachProfiles | null {
  const limits = breachLimits(scenario.name, options.thresholds);
  if (limits === null || profiles === null || options.profile.cpu) return null;
  const { runFolder, projectFolder } = folders;
  return new BreachProfiles({ source: profiles, load, limits, runFolder, projectFolder });
}

/** The verdict's own limits of latency; null where a scenario does not judge how late deliveries are. */
export function breachLimits(
  scenario: ScenarioName,
  thresholds: Readonly<Record<string, number>>,
): BreachLimits | null {
  const judged = thresholdsOf(scenario);
  const limits = limitsOf(thresholds);
  const latency = PERCENTILES.filter(({ threshold }) => judged.includes(threshold)).map((percentile) => ({
    ...percentile,
    limitMs: limits[percentile.threshold],
    samplesNeeded: samplesNeeded(percentile.quantile),
  }));
  return latency.length === 0 ? null : { latency };
}
