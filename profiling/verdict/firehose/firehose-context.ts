/** What every check and finding of a firehose run needs to see. */

import type { CellAnalysis, FirehoseAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import type { FirehoseRecord, TickFormat } from '../../record/firehose-record.ts';
import {
  ceilingOf,
  type JudgedRate,
  type JudgedStep,
  type StepJudgement,
  sustainedRate,
} from '../../record/sustained-rate.ts';
import { type Limits, limitsOf } from '../thresholds.ts';
import type { ValidityProblem } from '../verdict.ts';
import { cellValidity } from './cell-validity.ts';
import { judgeCell } from './judge-cell.ts';
import { requiredTickRate } from './required-tick-rate.ts';

/** A cell with what it was found to be. */
export interface JudgedCell extends CellAnalysis {
  readonly problems: readonly ValidityProblem[];
  readonly judgement: StepJudgement;
}

/** The search in one format. */
export interface FormatSearch {
  readonly format: TickFormat;
  readonly steps: readonly JudgedCell[];
  readonly sustained: number | null;
  /** The lowest rate that did not hold. */
  readonly ceiling: JudgedRate | null;
  /** The step that pace is judged by: at the sustained rate, or where that is too low at what stopped it. */
  readonly judged: JudgedCell | null;
}

export interface FirehoseContext {
  readonly record: FirehoseRecord;
  readonly limits: Limits;
  readonly cells: readonly JudgedCell[];
  readonly searches: readonly FormatSearch[];
  readonly requiredRate: number;
}

export function contextOf(record: FirehoseRecord, analysis: FirehoseAnalysis): FirehoseContext {
  const { thresholds, rates } = record;
  const limits = limitsOf(thresholds);
  const requiredRate = requiredTickRate({ thresholds, limits, highestRate: Math.max(...rates) });
  const cells = analysis.cells.map((cell) => {
    const problems = cellValidity(cell, record);
    return { ...cell, problems, judgement: judgeCell(cell, problems, limits) };
  });
  return { record, limits, cells, requiredRate, searches: searchesOf(cells, requiredRate) };
}

function searchesOf(cells: readonly JudgedCell[], requiredRate: number): readonly FormatSearch[] {
  const searched = cells.filter(({ part }) => part === 'search');
  const formats = [...new Set(searched.map(({ setup }) => setup.format))];
  return formats.map((format) => {
    const steps = searched.filter(({ setup }) => setup.format === format);
    const judged = steps.map(stepOf);
    const sustained = sustainedRate(judged);
    const ceiling = ceilingOf(judged);
    const told = sustained !== null && sustained >= requiredRate ? sustained : ceiling?.rate;
    return { format, steps, sustained, ceiling, judged: lastAt(steps, told) ?? steps.at(-1) ?? null };
  });
}

function stepOf({ kind, setup, judgement }: JudgedCell): JudgedStep {
  return { kind: kind ?? 'sweep', rate: setup.rate, judgement };
}

/** The last of the steps at a rate, one that held before one that did not. */
function lastAt(steps: readonly JudgedCell[], rate: number | undefined): JudgedCell | undefined {
  const own = steps.filter(({ setup }) => setup.rate === rate);
  return own.filter(({ judgement }) => judgement === 'held').at(-1) ?? own.at(-1);
}

/** Whether a cell goes beyond what the server is known or asked to sustain: errors there are where it ends. */
export function isOverload(cell: JudgedCell, { searches, requiredRate }: FirehoseContext): boolean {
  // Modes are driven as fast as they go, and a reader that stops is an overload of its own.
  if (cell.part === 'modes' || cell.part === 'slow') return true;
  if (cell.part === 'benchmark') return false;
  const sustained = Math.min(...searches.map((search) => search.sustained ?? 0));
  return cell.setup.rate > Math.max(requiredRate, Number.isFinite(sustained) ? sustained : 0);
}
