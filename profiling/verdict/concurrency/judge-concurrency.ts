/** Holds a run against its limits. */

import type { ConcurrencyAnalysis } from '../../analysis/concurrency/concurrency-analysis.ts';
import type { ConcurrencyRecord } from '../../record/concurrency-record.ts';
import { totalChecks } from '../checks/totals.ts';
import { decide } from '../decision.ts';
import { limitsOf } from '../thresholds.ts';
import { brokenThresholds } from '../tier-figures.ts';
import { limitOfTier } from '../tier-limit.ts';
import { validityOf } from '../validity.ts';
import { type JudgingContext, loadOf } from './checks/judging-context.ts';
import { memoryCheck } from './checks/memory.ts';
import { tierCostChecks } from './checks/tier-costs.ts';
import { trustChecks } from './checks/trust.ts';
import type { ConcurrencyVerdict, TierVerdict } from './concurrency-verdict.ts';
import { findingsOf } from './findings.ts';
import { findKnee, judgedRange } from './knee.ts';
import { limitOfRun } from './limits.ts';
import { verdictSentence } from './sentence.ts';

/**
 * Judges a run: each check, how far the tiers can be trusted, how far everything held and what gave way.
 *
 * Confirmed loss, duplicates and disorder fail it even on a sick rig; a run that was cut short passes nothing;
 * after that a failed check outweighs a doubtful one.
 */
export function judgeConcurrency(
  record: ConcurrencyRecord,
  analysis: ConcurrencyAnalysis,
): ConcurrencyVerdict {
  const context = contextOf(record, analysis);
  const checks = [
    ...totalChecks(loadOf(context)),
    ...tierCostChecks(context),
    memoryCheck(context),
    ...trustChecks(context),
  ];
  const knee = findKnee(analysis.tiers, context.limits);
  const tiers = tierVerdicts(context);
  const limitedBy = limitOfRun(tiers, knee, record);
  const decision = decide(checks, record.outcome);
  return {
    verdict: decision.verdict,
    sentence: verdictSentence(decision, context),
    checks,
    validity: context.validity,
    tiers,
    knee,
    judgedUpTo: context.range.upTo,
    limitedBy,
    findings: findingsOf(context, { checks, tiers, knee, limitedBy }),
  };
}

function contextOf(record: ConcurrencyRecord, analysis: ConcurrencyAnalysis): JudgingContext {
  return {
    record,
    analysis,
    limits: limitsOf(record.thresholds),
    range: judgedRange(analysis),
    validity: analysis.tiers.map((tier) => ({
      connections: tier.connections,
      problems: validityOf(tier, record),
    })),
  };
}

function tierVerdicts({ analysis, validity, limits, record }: JudgingContext): readonly TierVerdict[] {
  return analysis.tiers.map((tier, index) => {
    const broken = brokenThresholds(tier, limits);
    const problems = validity[index]?.problems ?? [];
    return {
      connections: tier.connections,
      broken,
      limit: limitOfTier({ tier, broken, problems, record, limits }),
    };
  });
}
