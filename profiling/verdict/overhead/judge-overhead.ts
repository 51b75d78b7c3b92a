/** Holds an overhead run against its limits. */

import type { OverheadAnalysis } from '../../analysis/overhead/overhead-analysis.ts';
import type { OverheadRecord } from '../../record/overhead-record.ts';
import { completedCheck } from '../checks/completed.ts';
import { totalChecks } from '../checks/totals.ts';
import { decide } from '../decision.ts';
import { limitsOf } from '../thresholds.ts';
import type { Limit } from '../verdict.ts';
import { costCheck, healthyRigCheck, latencyCheck } from './checks.ts';
import { compareArms, spoiltTurns } from './comparisons.ts';
import { findingsOf } from './findings.ts';
import { loadOf, type OverheadContext } from './overhead-context.ts';
import type { OverheadVerdict } from './overhead-verdict.ts';
import { verdictSentence } from './sentence.ts';

/** Judges what metrics cost; what the other ways to run the server cost is told, not judged. */
export function judgeOverhead(record: OverheadRecord, analysis: OverheadAnalysis): OverheadVerdict {
  const turns = spoiltTurns(analysis, record);
  const comparisons = compareArms(analysis, turns);
  const context = { record, analysis, limits: limitsOf(record.thresholds), ...turns, comparisons };
  const checks = [
    ...totalChecks(loadOf(context)),
    costCheck(context),
    latencyCheck(context),
    healthyRigCheck(context),
    completedCheck(record.outcome, analysis.turns.length > 0),
  ];
  const { verdict, deciding } = decide(checks, record.outcome);
  return {
    verdict,
    sentence: verdictSentence(verdict, deciding, context),
    checks,
    limitedBy: limitOf(context),
    findings: findingsOf(context, checks),
    comparisons,
    ...turns,
  };
}

function limitOf({ spoilt }: OverheadContext): Limit {
  const sentence = spoilt[0]?.problems[0]?.sentence;
  return sentence === undefined
    ? { kind: 'none', sentence: 'nothing gave way: the load was the same for every server, and held' }
    : { kind: 'machine', sentence };
}
