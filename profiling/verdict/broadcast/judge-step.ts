/** Whether one step of the search held its limits: the search is steered by it, and the verdict made of it. */

import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { StepJudgement } from '../../record/sustained-rate.ts';
import { TOTAL_CHECKS } from '../checks/totals.ts';
import { doubtsAmong, isTrustedBreach } from '../rig-share.ts';
import { holds, type Limits } from '../thresholds.ts';
import { brokenThresholds, figureOf, ownFigureOf, type TierThreshold } from '../tier-figures.ts';
import type { ValidityProblem } from '../verdict.ts';

const TOTALS: ReadonlySet<TierThreshold> = new Set(TOTAL_CHECKS);

/** The limits of this scenario that a step does not hold. */
export function brokenInStep(tier: TierAnalysis, limits: Limits): readonly TierThreshold[] {
  return brokenThresholds(tier, limits).filter((name) => name !== 'cpu-per-1000');
}

/** @param problems of this tier, by `validityOf` */
export function judgeStep(
  tier: TierAnalysis,
  problems: readonly ValidityProblem[],
  limits: Limits,
): StepJudgement {
  const broken = brokenInStep(tier, limits);
  if (broken.some((name) => isTargets(name, tier, limits))) return 'broken';
  if (tier.state !== 'completed' || tier.delivery.n === 0) return 'doubtful';
  const slow = broken.filter((name) => !TOTALS.has(name));
  const trusted = slow.some((name) =>
    isTrustedBreach(tier, { name, value: figureOf(name, tier) ?? 0, problems }, limits),
  );
  if (trusted) return 'slow';
  return broken.length > 0 || doubtsAmong(problems).length > 0 ? 'doubtful' : 'held';
}

/** A total that breaks its limit without what the load side brought on itself. */
function isTargets(name: TierThreshold, tier: TierAnalysis, limits: Limits): boolean {
  if (!TOTALS.has(name)) return false;
  return !holds(name, (figureOf(name, tier) ?? 0) - ownFigureOf(name, tier), limits);
}
