/** Whether one rate of the search held its limits: the search is steered by it, and the verdict made of it. */

import type { CellAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import type { StepJudgement } from '../../record/sustained-rate.ts';
import { doubtsAmong } from '../rig-share.ts';
import { holds, type Limits } from '../thresholds.ts';
import type { ValidityCode, ValidityProblem } from '../verdict.ts';
import { brokenInCell, type CellLimit, COUNT_LIMITS, cellFigure, ownCellFigure } from './cell-limits.ts';

const COUNTS: ReadonlySet<CellLimit> = new Set(COUNT_LIMITS);
/** With these the reader itself, or the machine it shares with the server, may be what did not keep up. */
const SLOWS_READERS: ReadonlySet<ValidityCode> = new Set([
  'generator-cpu',
  'machine-cpu',
  'window-cut-short',
  'load-side-limit',
]);

/** @param problems of this cell, by `cellValidity` */
export function judgeCell(
  cell: CellAnalysis,
  problems: readonly ValidityProblem[],
  limits: Limits,
): StepJudgement {
  const broken = brokenInCell(cell, limits);
  if (broken.some((name) => isServersCount(name, cell, limits))) return 'broken';
  if (cell.state !== 'completed' || cell.latency.n === 0) return 'doubtful';
  if (broken.some((name) => isServersPace(name, { cell, problems }, limits))) return 'slow';
  return broken.length > 0 || doubtsAmong(problems).length > 0 ? 'doubtful' : 'held';
}

/** A count that breaks its limit without what the load side brought on itself. */
function isServersCount(name: CellLimit, cell: CellAnalysis, limits: Limits): boolean {
  if (!COUNTS.has(name)) return false;
  return !holds(name, (cellFigure(name, cell) ?? 0) - ownCellFigure(name, cell), limits);
}

interface Seen {
  readonly cell: CellAnalysis;
  readonly problems: readonly ValidityProblem[];
}

/** Whether a breach of pace is larger than what the rig can have added. */
export function isServersPace(name: CellLimit, { cell, problems }: Seen, limits: Limits): boolean {
  const figure = cellFigure(name, cell);
  if (figure === null || COUNTS.has(name)) return false;
  const stretch = Math.max(1, ...problems.map(({ couldStretch = 1 }) => couldStretch));
  if (name === 'delivered-ratio') {
    return !problems.some(({ code }) => SLOWS_READERS.has(code)) && !holds(name, figure * stretch, limits);
  }
  const added = Math.max(0, ...problems.map(({ couldAddMs }) => couldAddMs));
  return !holds(name, betterHalf(cell, problems, figure) / stretch - added, limits);
}

/** In an unsteady window the better half must break the limit by itself. */
function betterHalf(cell: CellAnalysis, problems: readonly ValidityProblem[], figure: number): number {
  if (!problems.some(({ code }) => code === 'not-steady')) return figure;
  const { firstHalf, secondHalf } = cell.steadiness;
  return Math.min(firstHalf.p99Ms ?? figure, secondHalf.p99Ms ?? figure);
}
