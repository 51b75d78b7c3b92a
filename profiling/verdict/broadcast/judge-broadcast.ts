/** Holds a broadcast run against its limits. */

import type { BroadcastAnalysis } from '../../analysis/broadcast/broadcast-analysis.ts';
import type { BroadcastRecord } from '../../record/broadcast-record.ts';
import { decide } from '../decision.ts';
import type { BroadcastVerdict } from './broadcast-verdict.ts';
import { countChecks, rateChecks, trustChecks } from './checks.ts';
import { findingsOf } from './findings.ts';
import { contextOf } from './judging-context.ts';
import { limitOfRun, stepVerdicts } from './run-limit.ts';
import { verdictSentence } from './sentence.ts';
import { compareSlowReaders } from './slow-reader-comparison.ts';

/**
 * Judges a run: what was lost, doubled or refused in any of its loads fails it; the rate it sustains must be as high
 * as is asked for; and a rig that was the limit below that makes it inconclusive.
 */
export function judgeBroadcast(record: BroadcastRecord, analysis: BroadcastAnalysis): BroadcastVerdict {
  const context = contextOf(record, analysis);
  const checks = [...countChecks(context), ...rateChecks(context), ...trustChecks(context)];
  const limitedBy = limitOfRun(context);
  const decision = decide(checks, record.outcome);
  return {
    verdict: decision.verdict,
    sentence: verdictSentence(decision, context),
    checks,
    validity: context.loads.map(({ label, problems }) => ({ label, problems })),
    steps: stepVerdicts(context),
    sustainedRate: context.sustainedRate,
    requiredRate: context.requiredRate,
    judgedStep: context.judged === null ? null : context.steps.indexOf(context.judged),
    slowReaders: compareSlowReaders(context),
    limitedBy,
    findings: findingsOf(context, checks, limitedBy),
  };
}
