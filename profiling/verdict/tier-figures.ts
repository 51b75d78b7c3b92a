/** The value of every per-tier threshold in one tier. */

import type { TierAnalysis } from '../analysis/tier-analysis.ts';
import { countFailures, ownFailures } from './load-side-limits.ts';
import { holds, type Limits, MIN_CONNECTIONS_FOR_COSTS, type ThresholdName } from './thresholds.ts';

/** Thresholds that each tier is held against; memory is one slope over all tiers. */
export const TIER_THRESHOLDS = [
  'not-connected',
  'errors',
  'lost',
  'duplicated',
  'out-of-order',
  'wrong-room',
  'p50',
  'p95',
  'p99',
  'cpu-per-1000',
] as const satisfies readonly ThresholdName[];
export type TierThreshold = (typeof TIER_THRESHOLDS)[number];

const FIGURES: Readonly<Record<TierThreshold, (tier: TierAnalysis) => number | null>> = {
  'not-connected': (tier) => tier.attempted - tier.connected,
  errors: errorsOf,
  lost: (tier) => tier.ledger.lost,
  duplicated: (tier) => tier.ledger.duplicated,
  'out-of-order': (tier) => tier.ledger.outOfOrder,
  'wrong-room': (tier) => tier.ledger.wrongRoom,
  p50: (tier) => tier.delivery.p50Ms,
  p95: (tier) => tier.delivery.p95Ms,
  p99: (tier) => tier.delivery.p99Ms,
  'cpu-per-1000': (tier) =>
    tier.connections < MIN_CONNECTIONS_FOR_COSTS ? null : tier.server.cpuPerThousandCores,
};

/** Null where the tier cannot say: too few samples, too few connections, nothing to be seen. */
export function figureOf(name: TierThreshold, tier: TierAnalysis): number | null {
  return FIGURES[name](tier);
}

/** The thresholds that a tier does not hold; what it cannot say is not held against it. */
export function brokenThresholds(tier: TierAnalysis, limits: Limits): readonly TierThreshold[] {
  return TIER_THRESHOLDS.filter((name) => {
    const observed = figureOf(name, tier);
    return observed !== null && !holds(name, observed, limits);
  });
}

/** Everything that went wrong but the connections that were never made: those have their own check. */
export function errorsOf(tier: TierAnalysis): number {
  const { subscribe, publish, disconnects } = tier.failures;
  return countFailures([...subscribe, ...publish, ...disconnects]) + tier.ledger.corrupt;
}

/** The part of {@link errorsOf} that the load side brought on itself. */
export function ownErrorsOf(tier: TierAnalysis): number {
  const { subscribe, publish, disconnects } = tier.failures;
  return countFailures(ownFailures([...subscribe, ...publish, ...disconnects]));
}

/** The part of a figure that the load side brought on itself: it says nothing about the target. */
export function ownFigureOf(name: TierThreshold, tier: TierAnalysis): number {
  if (name === 'not-connected') return ownMissingOf(tier);
  return name === 'errors' ? ownErrorsOf(tier) : 0;
}

/** Connections missing because the load side ran out of ports, descriptors or memory, or was ended. */
export function ownMissingOf(tier: TierAnalysis): number {
  return countFailures(ownFailures(tier.failures.connect));
}
