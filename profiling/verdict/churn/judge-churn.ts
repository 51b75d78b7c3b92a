/** Holds a churn run against its limits. */

import type { ChurnAnalysis } from '../../analysis/churn/churn-analysis.ts';
import type { ChurnRecord } from '../../record/churn-record.ts';
import { totalChecks } from '../checks/totals.ts';
import { decide } from '../decision.ts';
import { detectionChecks } from './checks/detection.ts';
import { keptChecks } from './checks/kept.ts';
import { doubtLateConnects } from './checks/late-connects.ts';
import { recoveryCheck } from './checks/recovery.ts';
import { releaseCheck } from './checks/release.ts';
import { trustChecks } from './checks/trust.ts';
import { contextOf, loadOf } from './churn-context.ts';
import type { ChurnVerdict } from './churn-verdict.ts';
import { findingsOf } from './findings.ts';
import { limitOfRun } from './limit.ts';
import { recommendationsOf } from './recommendations.ts';
import { verdictSentence } from './sentence.ts';

/**
 * Judges a run: what went missing, what was kept, how soon ends were noticed, and whether everybody came back.
 *
 * Confirmed loss, duplicates and disorder fail it even on a sick rig, and so does what stayed in a structure; a run
 * that was cut short passes nothing; after that a failed check outweighs a doubtful one.
 */
export function judgeChurn(record: ChurnRecord, analysis: ChurnAnalysis): ChurnVerdict {
  const context = contextOf(record, analysis);
  const checks = doubtLateConnects(
    [
      ...totalChecks(loadOf(context)),
      ...keptChecks(context),
      ...detectionChecks(context),
      releaseCheck(context),
      recoveryCheck(context),
      ...trustChecks(context),
    ],
    context,
  );
  const decision = decide(checks, record.outcome);
  return {
    verdict: decision.verdict,
    sentence: verdictSentence(decision, context),
    checks,
    validity: context.validity,
    limitedBy: limitOfRun(context, checks),
    findings: findingsOf(context, checks),
    leftBehind: (context.growth ?? []).filter(({ excess }) => excess > 0),
    recommendations: recommendationsOf(context, checks),
  };
}
