/** A firehose run, judged and put into words. */

import { analyseFirehose } from '../../analysis/firehose/analyse-firehose.ts';
import type { FirehoseAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import type { FirehoseRecord } from '../../record/firehose-record.ts';
import type { FirehoseVerdict } from '../../verdict/firehose/firehose-verdict.ts';
import { judgeFirehose } from '../../verdict/firehose/judge-firehose.ts';
import { modeRows, ratioText } from '../../verdict/firehose/mode-comparison.ts';
import {
  formatCores,
  formatCount,
  formatList,
  formatMs,
  formatPercent,
  formatRate,
} from '../../verdict/quantities.ts';
import type { Highlight, JudgedRun } from '../judged-run.ts';
import { comparisonText } from './comparison.ts';
import { enginesText } from './engine-table.ts';
import { firehoseReport, sustainedWords } from './firehose-report.ts';
import { judgedCellOf } from './rates.ts';

export function judgedFirehose(record: FirehoseRecord): JudgedRun {
  const analysis = analyseFirehose(record);
  const verdict = judgeFirehose(record, analysis);
  const measured = analysis.cells.length > 0;
  return {
    record,
    verdict,
    report: firehoseReport({ record, analysis, verdict }),
    highlights: highlights(analysis, verdict),
    tables: measured
      ? [comparisonText(analysis), enginesText(analysis)].filter((rows) => rows.length > 0)
      : [],
    notes: measured ? notes(record, analysis, verdict) : [],
  };
}

function highlights(analysis: FirehoseAnalysis, verdict: FirehoseVerdict): readonly Highlight[] {
  return [
    ...sustainedHighlights(analysis, verdict),
    ...modeHighlights(analysis),
    ...slowReaderHighlights(verdict),
  ];
}

function sustainedHighlights(analysis: FirehoseAnalysis, verdict: FirehoseVerdict): readonly Highlight[] {
  if (verdict.searches.length === 0) return [];
  const figures = verdict.searches.flatMap((search) => {
    const judged = judgedCellOf(analysis, search);
    if (judged === null) return [];
    const { label, rates, deliveredRatio, latency, server } = judged;
    return `${label}: ${formatRate(rates.received)} received (${formatPercent(deliveredRatio)}), p99 ${formatMs(latency.p99Ms)}, ${formatCores(server.cpuCores)} of server CPU`;
  });
  return [
    {
      question: 'Ticks a second to one reader that checks every one',
      answer: `${sustainedWords(verdict)}; ${verdict.limitedBy.sentence}`,
    },
    { question: 'At these rates', answer: figures.join('; ') },
  ];
}

function modeHighlights({ cells }: FirehoseAnalysis): readonly Highlight[] {
  const best = modeRows(cells).filter(({ cell, ratio }) => cell.setup.mode === 'coalesced' && ratio !== null);
  if (best.length === 0) return [];
  const said = best.map((row) => {
    const { cell } = row;
    const { readers, format } = cell.setup;
    return `${ratioText(row)} × to ${formatCount(readers)} in ${format} (${formatRate(cell.rates.received)})`;
  });
  return [{ question: 'Coalesced writes against one write a tick and reader', answer: formatList(said) }];
}

function slowReaderHighlights({ slowReaders }: FirehoseVerdict): readonly Highlight[] {
  return slowReaders.map(({ mode, withSlow, conclusion }) => {
    const { rates } = withSlow;
    const heldBack = (rates.heldBack ?? 0) > 0 ? `, ${formatRate(rates.heldBack)} held back and counted` : '';
    return {
      question: `A reader that stops, ${mode}`,
      answer: `buffered ${formatRate(rates.buffered)}, delivered ${formatRate(rates.delivered)}${heldBack}. ${conclusion}`,
    };
  });
}

function notes(
  { notMeasured }: FirehoseRecord,
  analysis: FirehoseAnalysis,
  verdict: FirehoseVerdict,
): readonly string[] {
  return [
    ...(verdict.searches.length === 0
      ? []
      : [`Sustained to one reader: ${sustainedWords(verdict)} ticks/s.`]),
    ...verdict.searches.map(({ limit }) => `What limited the search: ${limit.sentence}.`),
    ...[...modeHighlights(analysis), ...slowReaderHighlights(verdict)].map(
      ({ question, answer }) => `${question}: ${answer}${answer.endsWith('.') ? '' : '.'}`,
    ),
    ...notMeasured.map(({ what, why }) => `Not measured: ${what}. ${why}`),
  ];
}
