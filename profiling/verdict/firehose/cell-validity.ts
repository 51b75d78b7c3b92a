/** When the figures of a cell must not be trusted. */

import type { CellAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import { loadSideFailures } from '../load-side-limits.ts';
import { formatCount, formatMs, formatPercent, formatReasons } from '../quantities.ts';
import {
  ANY_AMOUNT,
  generatorCpu,
  generatorLoop,
  machineCpu,
  negativeLatency,
  notSteady,
  otherLoad,
  problem,
  type Rig,
  windowCutShort,
} from '../rig-validity.ts';
import type { ValidityCode, ValidityProblem } from '../verdict.ts';

/** The edges of a window of a second are as sharp as the ticks are late: 20 ms. */
const MAX_DELIVERED_RATIO = 1.02;

type Rule = (cell: CellAnalysis, rig: Rig) => readonly ValidityProblem[];

const RULES: readonly Rule[] = [
  generatorCpu,
  machineCpu,
  generatorLoop,
  deliveredAboveAsked,
  negativeLatency,
  loadSideLimit,
  notSteady,
  countersDisagree,
  windowCutShort,
  nothingMeasured,
  otherLoad,
];

/** Of these a count can be wrong; the others bend times and rates. */
const ABOUT_COUNTS: ReadonlySet<ValidityCode> = new Set([
  'counters-disagree',
  'load-side-limit',
  'window-cut-short',
]);

export function cellValidity(cell: CellAnalysis, rig: Rig): readonly ValidityProblem[] {
  return RULES.flatMap((rule) => rule(cell, rig));
}

export function isAboutCounts({ code }: ValidityProblem): boolean {
  return ABOUT_COUNTS.has(code);
}

/** Ticks that were late from before the window came in it: it did not begin in peace. */
function deliveredAboveAsked({ deliveredRatio }: CellAnalysis): readonly ValidityProblem[] {
  if (deliveredRatio <= MAX_DELIVERED_RATIO) return [];
  const said = `the readers got ${formatPercent(deliveredRatio)} of what was asked for: ticks from before the window were still on their way as it began`;
  return [problem('delivered-above-expected', said, ANY_AMOUNT)];
}

function loadSideLimit({ failures }: CellAnalysis): readonly ValidityProblem[] {
  const own = loadSideFailures(failures.connect);
  if (own.length === 0) return [];
  return [problem('load-side-limit', `the load side ran into its own limits: ${formatReasons(own)}`, 0)];
}

/** A server that ran before us may have readers of its own, whom it flushes to as well. */
function countersDisagree({ counterCheck }: CellAnalysis, { target }: Rig): readonly ValidityProblem[] {
  const { client, server, unexplained } = counterCheck;
  if (unexplained === null || unexplained === 0) return [];
  if (target.kind === 'running' && unexplained > 0) return [];
  const said = `the server flushed ${formatCount(server)} ticks, the readers got ${formatCount(client)}, and ${formatCount(Math.abs(unexplained))} of the difference is unexplained`;
  return [problem('counters-disagree', said, 0)];
}

function nothingMeasured({ latency, state, measuredMs }: CellAnalysis): readonly ValidityProblem[] {
  if (latency.n > 0 || state !== 'completed') return [];
  return [
    problem('nothing-measured', `no tick arrived in the measured window of ${formatMs(measuredMs)}`, 0),
  ];
}
