/** How much more each way to write delivers than the plainest, driven as fast as it goes. */

import type { CellAnalysis } from '../../analysis/firehose/firehose-analysis.ts';

export interface ModeRow {
  readonly cell: CellAnalysis;
  /** Received ÷ received of `naive` with as many readers and in the same format; null where that was not measured. */
  readonly ratio: number | null;
}

/** One row for each mode, by readers and format. */
export function modeRows(cells: readonly CellAnalysis[]): readonly ModeRow[] {
  const own = cells.filter(({ part }) => part === 'modes');
  return own.map((cell) => {
    const { readers, format } = cell.setup;
    const naive = own.find(
      ({ setup }) => setup.mode === 'naive' && setup.readers === readers && setup.format === format,
    );
    const base = naive?.rates.received ?? 0;
    return { cell, ratio: base === 0 ? null : cell.rates.received / base };
  });
}
