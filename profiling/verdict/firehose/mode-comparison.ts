/** How much more each way to write delivers than the plainest, driven as fast as it goes. */

import type { CellAnalysis } from '../../analysis/firehose/firehose-analysis.ts';

export interface ModeRow {
  readonly cell: CellAnalysis;
  /** Received ÷ received of `naive` with as many readers and in the same format; null where that was not measured. */
  readonly ratio: number | null;
  /** Whether it gave all that was asked for: then the ratio is the least that it can be. */
  readonly isAtLeast: boolean;
}

/** A mode that delivers this much of what is asked was not driven to its ceiling. */
const ALL_RATIO = 0.98;

/** One row for each mode, by readers and format. */
export function modeRows(cells: readonly CellAnalysis[]): readonly ModeRow[] {
  const own = cells.filter(({ part }) => part === 'modes');
  return own.map((cell) => {
    const { readers, format } = cell.setup;
    const naive = own.find(
      ({ setup }) => setup.mode === 'naive' && setup.readers === readers && setup.format === format,
    );
    const base = naive?.rates.received ?? 0;
    return {
      cell,
      ratio: base === 0 ? null : cell.rates.received / base,
      isAtLeast: cell.deliveredRatio >= ALL_RATIO,
    };
  });
}

/** `8.3`; `at least 8.3`. */
export function ratioText({ ratio, isAtLeast }: ModeRow): string {
  return ratio === null ? 'n/a' : `${isAtLeast && ratio !== 1 ? 'at least ' : ''}${ratio.toFixed(1)}`;
}
