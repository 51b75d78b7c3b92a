/** Holds a run against its limits. */

import type { RunAnalysis } from '../../analysis/tier-analysis.ts';
import type { RunRecord } from '../../record/run-record.ts';
import type { JudgingContext } from './checks/judging-context.ts';
import { memoryCheck } from './checks/memory.ts';
import { tierCostChecks } from './checks/tier-costs.ts';
import { INTEGRITY_CHECKS, totalChecks } from './checks/totals.ts';
import { trustChecks } from './checks/trust.ts';
import { findingsOf } from './findings.ts';
import { findKnee, judgedRange } from './knee.ts';
import { limitOfRun, limitOfTier } from './limits.ts';
import { verdictSentence } from './sentence.ts';
import { limitsOf } from '../thresholds.ts';
import { brokenThresholds } from '../tier-figures.ts';
import { validityOf } from '../validity.ts';
import type { Check, TierVerdict, Verdict, VerdictWord } from '../verdict.ts';

/**
 * Judges a run: each check, how far the tiers can be trusted, how far everything held and what gave way.
 *
 * Confirmed loss, duplicates and disorder fail it even on a sick rig; a run that was cut short passes nothing;
 * after that a failed check outweighs a doubtful one.
 */
export function judgeRun(record: RunRecord, analysis: RunAnalysis): Verdict {
  const context = contextOf(record, analysis);
  const checks = [
    ...totalChecks(context),
    ...tierCostChecks(context),
    memoryCheck(context),
    ...trustChecks(context),
  ];
  const knee = findKnee(analysis.tiers, context.limits);
  const tiers = tierVerdicts(context);
  const limitedBy = limitOfRun(tiers, knee, record);
  const decision = decide(checks, record);
  return {
    verdict: decision.verdict,
    sentence: verdictSentence(decision.verdict, decision.deciding, context),
    checks,
    validity: context.validity,
    tiers,
    knee,
    judgedUpTo: context.range.upTo,
    limitedBy,
    findings: findingsOf(context, { checks, tiers, knee, limitedBy }),
  };
}

function contextOf(record: RunRecord, analysis: RunAnalysis): JudgingContext {
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

interface Decision {
  readonly verdict: VerdictWord;
  /** The checks that made it so, the one to tell first. */
  readonly deciding: readonly Check[];
}

function decide(checks: readonly Check[], record: RunRecord): Decision {
  const integrity: ReadonlySet<string> = new Set(INTEGRITY_CHECKS);
  const failed = checks.filter((check) => check.verdict === 'fail');
  const broken = failed.filter((check) => integrity.has(check.name));
  const cutShort = record.outcome.state !== 'completed';
  if (broken.length > 0) return { verdict: 'fail', deciding: cutShort ? broken : failed };
  if (failed.length > 0 && !cutShort) return { verdict: 'fail', deciding: failed };
  // A run that was cut short or a sick rig explains the other doubts.
  const doubtful = checks.filter((check) => check.verdict === 'inconclusive').reverse();
  return doubtful.length > 0
    ? { verdict: 'inconclusive', deciding: doubtful }
    : { verdict: 'pass', deciding: [] };
}
