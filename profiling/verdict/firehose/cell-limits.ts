/** The limits that a cell by itself can hold or break. */

import type { CellAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import { countFailures, ownFailures } from '../load-side-limits.ts';
import { holds, type Limits } from '../thresholds.ts';

/** Counts that are added up over a whole run. */
export const COUNT_LIMITS = [
  'not-connected',
  'errors',
  'lost',
  'duplicated',
  'out-of-order',
  'shared-timestamps',
] as const;
export type CountLimit = (typeof COUNT_LIMITS)[number];

/** What a rate must hold beside them. */
export const PACE_LIMITS = ['delivered-ratio', 'tick-p99'] as const;
export type CellLimit = CountLimit | (typeof PACE_LIMITS)[number];

/** @returns null where it cannot be seen, or means nothing in this cell */
export function cellFigure(name: CellLimit, cell: CellAnalysis): number | null {
  const { ledger, failures } = cell;
  switch (name) {
    case 'not-connected':
      return cell.attempted - cell.connected;
    case 'errors':
      return countFailures(failures.disconnects) + ledger.corrupt + ledger.foreignText;
    case 'lost':
      return ledger.lost;
    case 'duplicated':
      return isReused(cell) ? null : ledger.duplicated;
    case 'out-of-order':
      return ledger.outOfOrder;
    case 'shared-timestamps':
      return isReused(cell) ? null : ledger.sharedTimestamps;
    case 'delivered-ratio':
      return cell.deliveredRatio;
    case 'tick-p99':
      return cell.latency.p99Ms;
  }
}

/** The part of a figure that the load side brought on itself. */
export function ownCellFigure(name: CellLimit, { failures }: CellAnalysis): number {
  if (name === 'not-connected') return countFailures(ownFailures(failures.connect));
  return name === 'errors' ? countFailures(ownFailures(failures.disconnects)) : 0;
}

/** The limits that a cell does not hold. */
export function brokenInCell(cell: CellAnalysis, limits: Limits): readonly CellLimit[] {
  return [...COUNT_LIMITS, ...PACE_LIMITS].filter((name) => {
    const figure = cellFigure(name, cell);
    return figure !== null && !holds(name, figure, limits);
  });
}

/** The source that gives one tick for a whole millisecond: repetition is what it does. */
function isReused({ setup }: CellAnalysis): boolean {
  return setup.source === 'cached-1ms';
}
