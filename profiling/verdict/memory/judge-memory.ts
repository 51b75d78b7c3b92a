/** Holds a memory run against its limits: counts first, then the effect. RSS is never judged here. */

import type { MemoryAnalysis } from '../../analysis/memory/memory-analysis.ts';
import type { MemoryRecord } from '../../record/memory-record.ts';
import { totalChecks } from '../checks/totals.ts';
import { decide } from '../decision.ts';
import type { Limit } from '../verdict.ts';
import { countChecks } from './checks/counts.ts';
import { growingClassesCheck } from './checks/growing-classes.ts';
import { cyclesNote, slopeChecks } from './checks/slopes.ts';
import { trustChecks } from './checks/trust.ts';
import { findingsOf } from './findings.ts';
import { rootsOf } from './growing-words.ts';
import { leaksOf } from './leaks.ts';
import { contextOf, loadOf, type MemoryContext } from './memory-context.ts';
import type { MemoryVerdict } from './memory-verdict.ts';
import { namedLeaks } from './named-leaks.ts';
import { recommendationsOf } from './recommendations.ts';
import { verdictSentence } from './sentence.ts';

export function judgeMemory(record: MemoryRecord, analysis: MemoryAnalysis): MemoryVerdict {
  const context = contextOf(record, analysis);
  const checks = [
    ...totalChecks(loadOf(context)),
    ...countChecks(context),
    growingClassesCheck(context),
    ...slopeChecks(context),
    ...trustChecks(context),
  ];
  const leaks = leaksOf(analysis.growth ?? []);
  const note = cyclesNote(context);
  const decision = decide(checks, record.outcome);
  return {
    verdict: decision.verdict,
    sentence: verdictSentence(decision, leaks, context),
    details: namedLeaks(context, leaks),
    checks,
    limitedBy: limitOf(context),
    findings: findingsOf(context, checks, leaks),
    validity: context.validity,
    leaks,
    growing: rootsOf(record.heapGrowth),
    cyclesNote: note,
    recommendations: recommendationsOf(context, { checks, leaks, cyclesNote: note }),
  };
}

function limitOf({ record, analysis }: MemoryContext): Limit {
  const asked = record.outcome.state === 'completed' ? 'all that were asked for' : 'then the run ended early';
  return { kind: 'none', sentence: `${analysis.measured.length} cycles, ${asked}` };
}
