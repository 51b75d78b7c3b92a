/** Checks that add up over a whole run: connections, errors, and what came of every tick. */

import { countFailures, mergeFailures } from '../../load-side-limits.ts';
import { formatCount, formatList, formatPercent, formatReasons } from '../../quantities.ts';
import { holds, THRESHOLDS } from '../../thresholds.ts';
import type { Check, VerdictWord } from '../../verdict.ts';
import { COUNT_LIMITS, type CountLimit, cellFigure, ownCellFigure } from '../cell-limits.ts';
import { type FirehoseContext, isOverload, type JudgedCell } from '../firehose-context.ts';

/** More places than this are not told one by one. */
const MOST_PLACES = 3;

/**
 * Every count against its limit, over all cells, sick ones too. Errors are counted without the cells that ask for more
 * than the server sustains: turning readers away is where an overload ends.
 */
export function countChecks(context: FirehoseContext): readonly Check[] {
  return COUNT_LIMITS.map((name) => countCheck(name, context));
}

function countCheck(name: CountLimit, context: FirehoseContext): Check {
  const { cells, limits } = context;
  const counted = name === 'errors' ? cells.filter((cell) => !isOverload(cell, context)) : cells;
  const known = counted.filter((cell) => cellFigure(name, cell) !== null);
  const observed = total(known, (cell) => cellFigure(name, cell) ?? 0);
  const own = total(known, (cell) => ownCellFigure(name, cell));
  const details = [
    ...(observed === 0 ? [] : [guiltyText(name, known)]),
    ...(name === 'errors' ? beyondText(cells.filter((cell) => !counted.includes(cell))) : []),
    ...(name === 'lost' ? unknownText(counted.filter((cell) => !known.includes(cell))) : []),
  ];
  return {
    name,
    title: THRESHOLDS[name].title,
    threshold: limits[name],
    observed: known.length === 0 ? null : observed,
    unit: 'count',
    verdict: known.length === 0 ? 'n/a' : judge(name, { observed, own }, context),
    ...(details.length === 0 ? {} : { detail: details.join('; ') }),
  };
}

interface Counted {
  readonly observed: number;
  readonly own: number;
}

/** What the load side brought on itself says nothing about the target. */
function judge(name: CountLimit, { observed, own }: Counted, { limits }: FirehoseContext): VerdictWord {
  if (holds(name, observed, limits)) return 'pass';
  return holds(name, observed - own, limits) ? 'inconclusive' : 'fail';
}

function guiltyText(name: CountLimit, cells: readonly JudgedCell[]): string {
  const guilty = cells.filter((cell) => (cellFigure(name, cell) ?? 0) > 0);
  const observed = total(guilty, (cell) => cellFigure(name, cell) ?? 0);
  const whole = total(guilty, (cell) => wholeOf(name, cell));
  const reasons = formatReasons(
    mergeFailures(guilty.flatMap(({ failures }) => reasonsOf(name, failures))).filter(
      ({ count }) => count > 0,
    ),
  );
  return `${formatPercent(observed / Math.max(1, whole))} ${placesText(guilty)}${reasons === '' ? '' : `: ${reasons}`}`;
}

/** What the share is a share of. */
function wholeOf(name: CountLimit, { attempted, ledger }: JudgedCell): number {
  if (name === 'not-connected' || name === 'errors') return attempted;
  return ledger.received + (ledger.lost ?? 0);
}

function reasonsOf(name: CountLimit, { connect, disconnects }: JudgedCell['failures']) {
  if (name === 'not-connected') return connect;
  return name === 'errors' ? disconnects : [];
}

/** `in 100,000/s JSON and 1,000,000/s JSON`. */
export function placesText(cells: readonly JudgedCell[]): string {
  const labels = [...new Set(cells.map(({ label }) => label))];
  return labels.length <= MOST_PLACES ? `in ${formatList(labels)}` : `in ${formatCount(labels.length)} cells`;
}

function beyondText(overloads: readonly JudgedCell[]): readonly string[] {
  const ended = overloads.filter(({ failures }) => countFailures(failures.disconnects) > 0);
  const count = total(ended, ({ failures }) => countFailures(failures.disconnects));
  return count === 0
    ? []
    : [`${formatCount(count)} ${placesText(ended)}, beyond what is sustained, are not counted`];
}

function unknownText(cells: readonly JudgedCell[]): readonly string[] {
  return cells.length === 0
    ? []
    : [`not known ${placesText(cells)}: no numbers, and no count of the server's to compare with`];
}

function total(cells: readonly JudgedCell[], figure: (cell: JudgedCell) => number): number {
  return cells.reduce((sum, cell) => sum + figure(cell), 0);
}
