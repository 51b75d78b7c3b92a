/** How far up the tiers everything holds, and how far up it has to. */

import type { ConcurrencyAnalysis } from '../../analysis/concurrency/concurrency-analysis.ts';
import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import { type Limits, REQUIRED_CONNECTIONS } from '../thresholds.ts';
import { brokenThresholds } from '../tier-figures.ts';

/** A tier that ended early, or heard nothing, holds nothing. */
function isMeasured(tier: TierAnalysis): boolean {
  return tier.state === 'completed' && tier.delivery.n > 0;
}

/** The last measured tier that holds every threshold, with all smaller ones holding too; null when the first breaks. */
export function findKnee(tiers: readonly TierAnalysis[], limits: Limits): number | null {
  let knee: number | null = null;
  for (const tier of tiers) {
    if (!isMeasured(tier) || brokenThresholds(tier, limits).length > 0) break;
    knee = tier.connections;
  }
  return knee;
}

/** The tiers that latency and CPU are judged on. */
export interface JudgedRange {
  /** min(1,000, largest tier): latency must hold up to here. */
  readonly upTo: number;
  readonly tiers: readonly TierAnalysis[];
  /**
   * The next tier above, where no tier measures `upTo` itself: when it holds, `upTo` holds too; when it breaks,
   * nothing is known about `upTo`.
   */
  readonly standIn: TierAnalysis | null;
  readonly beyond: readonly TierAnalysis[];
}

export function judgedRange(analysis: ConcurrencyAnalysis): JudgedRange {
  const { tiers } = analysis;
  const largest = tiers.at(-1)?.connections ?? 0;
  const upTo = Math.min(REQUIRED_CONNECTIONS, largest);
  const within = tiers.filter((tier) => tier.connections <= upTo);
  const above = tiers.filter((tier) => tier.connections > upTo);
  const covered = within.at(-1)?.connections === upTo;
  const standIn = covered ? null : (above[0] ?? null);
  return { upTo, tiers: within, standIn, beyond: standIn === null ? above : above.slice(1) };
}
