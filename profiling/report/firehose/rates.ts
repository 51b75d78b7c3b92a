/** One cell of the search for each rate: what charts and tables over rates show. */

import type { CellAnalysis, FirehoseAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import type { TickFormat } from '../../record/firehose-record.ts';
import type { FirehoseVerdict, SearchVerdict } from '../../verdict/firehose/firehose-verdict.ts';
import { formatAskedRate } from '../../verdict/quantities.ts';

/** Ascending. Of several cells at a rate the one that counts: a confirmation, then one that held, then the last. */
export function shownRates(
  analysis: FirehoseAnalysis,
  verdict: FirehoseVerdict,
  format: TickFormat,
): readonly CellAnalysis[] {
  const all = analysis.cells.flatMap((one, index) =>
    one.part === 'search' && one.setup.format === format
      ? [{ one, judgement: verdict.cells[index]?.judgement }]
      : [],
  );
  const rates = [...new Set(all.map(({ one }) => one.setup.rate))].sort((a, b) => a - b);
  return rates.flatMap((rate) => {
    const own = all.filter(({ one }) => one.setup.rate === rate);
    const confirmed = own.filter(({ one }) => one.kind === 'confirmation');
    const counted = confirmed.length > 0 ? confirmed : own;
    return (counted.filter(({ judgement }) => judgement === 'held').at(-1) ?? counted.at(-1))?.one ?? [];
  });
}

/** `1,000,000`; `none` where the lowest rate broke a limit; `unknown` where only the rig or an early end was in the way. */
export function sustainedText({ sustainedRate, ceiling }: SearchVerdict): string {
  if (sustainedRate !== null) return formatAskedRate(sustainedRate);
  return ceiling === null || ceiling.judgement === 'doubtful' ? 'unknown' : 'none';
}

/** The cell that a format is judged by. */
export function judgedCellOf(
  { cells }: FirehoseAnalysis,
  { judgedCell }: SearchVerdict,
): CellAnalysis | null {
  return judgedCell === null ? null : (cells[judgedCell] ?? null);
}
