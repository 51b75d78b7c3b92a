/** Holds a firehose run against its limits. */

import type { FirehoseAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import type { FirehoseRecord } from '../../record/firehose-record.ts';
import { decide } from '../decision.ts';
import { brokenInCell } from './cell-limits.ts';
import { countChecks } from './checks/counts.ts';
import { paceChecks } from './checks/pace.ts';
import { trustChecks } from './checks/trust.ts';
import { findingsOf } from './findings.ts';
import { contextOf, type FirehoseContext } from './firehose-context.ts';
import type { CellVerdict, FirehoseVerdict, SearchVerdict } from './firehose-verdict.ts';
import { limitOfCell, limitOfRun, limitOfSearch } from './limit.ts';
import { verdictSentence } from './sentence.ts';
import { slowReaderPairs } from './slow-reader-pairs.ts';

/**
 * Judges a run: a tick that was lost, doubled, out of order or shares its time fails it in any cell; the rate it
 * sustains to one reader must be as high as is asked for in each format; a rig that was the limit below that makes it
 * inconclusive. What lies above is told: that is where the search ends.
 */
export function judgeFirehose(record: FirehoseRecord, analysis: FirehoseAnalysis): FirehoseVerdict {
  const context = contextOf(record, analysis);
  const checks = [...countChecks(context), ...paceChecks(context), ...trustChecks(context)];
  const limitedBy = limitOfRun(context);
  const slowReaders = slowReaderPairs(context);
  const decision = decide(checks, record.outcome);
  return {
    verdict: decision.verdict,
    sentence: verdictSentence(decision, context),
    checks,
    limitedBy,
    findings: findingsOf({ context, checks, slowReaders }),
    cells: context.cells.map((cell) => cellVerdict(cell, context)),
    searches: context.searches.map((search) => searchVerdict(search, context)),
    requiredRate: context.requiredRate,
    slowReaders,
  };
}

function cellVerdict(cell: FirehoseContext['cells'][number], { limits }: FirehoseContext): CellVerdict {
  const { label, problems, judgement } = cell;
  return { label, problems, judgement, broken: brokenInCell(cell, limits), limit: limitOfCell(cell, limits) };
}

function searchVerdict(search: FirehoseContext['searches'][number], context: FirehoseContext): SearchVerdict {
  const { format, sustained, ceiling, judged } = search;
  return {
    format,
    sustainedRate: sustained,
    ceiling,
    judgedCell: judged === null ? null : context.cells.indexOf(judged),
    limit: limitOfSearch(search, context),
  };
}
