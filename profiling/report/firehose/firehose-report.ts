/** Puts the report of a firehose run together, as data. */

import type { FirehoseAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import { FORMAT_WORDS } from '../../record/firehose-label.ts';
import type { FirehoseRecord } from '../../record/firehose-record.ts';
import type { FirehoseVerdict } from '../../verdict/firehose/firehose-verdict.ts';
import {
  formatAskedRate,
  formatCores,
  formatCount,
  formatList,
  formatMs,
  formatPercent,
  formatRate,
} from '../../verdict/quantities.ts';
import { limitsOf } from '../../verdict/thresholds.ts';
import { type ChartDrawing, drawChart } from '../charts/chart.ts';
import { formatDuration } from '../format.ts';
import { type Block, type KeyFigure, type ReportDocument, type Section, strong } from '../report-document.ts';
import { runSubtitle, runWarnings } from '../run-head.ts';
import { checksSection } from '../sections/checks.ts';
import { environmentSection, repeatSection, settingsSection } from '../sections/circumstances.ts';
import { targetText } from '../sections/target.ts';
import { latencyChart, modesChart, ratesChart, slowReadersChart } from './charts.ts';
import { comparisonSection } from './comparison.ts';
import { enginesSection } from './engine-table.ts';
import { journeySection } from './journey.ts';
import { kindsSection, modesSection, slowReadersSection, sourcesSection } from './part-tables.ts';
import { manyReadersSection, searchSection } from './rate-tables.ts';
import { judgedCellOf, shownRates, sustainedText } from './rates.ts';
import { validitySection } from './validity.ts';

/** What a report is made from. */
export interface JudgedFirehose {
  readonly record: FirehoseRecord;
  readonly analysis: FirehoseAnalysis;
  readonly verdict: FirehoseVerdict;
}

/** The order is the reader's: verdict, the one table, checks, what was run, each comparison, why, how to repeat it. */
export function firehoseReport(run: JudgedFirehose): ReportDocument {
  const { record, analysis, verdict } = run;
  const measured = analysis.cells.length > 0;
  return {
    title: record.cells.some(({ part }) => part === 'benchmark') ? 'Tick benchmark' : 'Firehose profile',
    verdict: verdict.verdict,
    sentence: verdict.sentence,
    subtitle: runSubtitle(record),
    warnings: runWarnings(record),
    keyFigures: keyFigures(run),
    sections: [
      ...(measured ? [comparisonSection(analysis, verdict)] : []),
      checksSection(verdict),
      whatWasRun(run),
      ...searchSection(analysis, verdict),
      ...chartsSection(run),
      ...journeySection(record),
      ...slowReadersSection(verdict),
      ...modesSection(analysis),
      ...manyReadersSection(analysis, verdict),
      ...kindsSection(analysis),
      ...sourcesSection(analysis),
      ...enginesSection(analysis, record),
      findings(verdict),
      ...(measured ? [validitySection(analysis, verdict)] : []),
      settingsSection(record),
      environmentSection(record),
      repeatSection(record),
    ],
  };
}

function findings({ findings: found }: FirehoseVerdict): Section {
  const blocks: readonly Block[] =
    found.length === 0
      ? [{ kind: 'paragraph', text: 'Nothing was found that needs attention.' }]
      : [{ kind: 'findings', findings: found }];
  return { id: 'findings', title: 'Findings', blocks };
}

function whatWasRun({ record, analysis }: JudgedFirehose): Section {
  const measured = formatDuration(record.cells[0]?.load.measureRequestedMs ?? 0);
  const text =
    analysis.cells.length === 0
      ? 'Nothing was measured.'
      : `The server makes ticks of a market feed at a rate that is set before each cell, and readers read them: ${formatCount(analysis.cells.length)} cells, ${measured} each unless told otherwise, after a warm-up. A tick carries the time at which it was due, so a server that falls behind cannot hide it; each reader counts every tick, and the server’s own counters are read as the window begins and ends.`;
  const missing = record.notMeasured.map(
    ({ what, why }): Block => ({
      kind: 'paragraph',
      text: [strong(`Not measured: ${what}.`), ` ${why}`],
    }),
  );
  return {
    id: 'what-was-run',
    title: 'What was run',
    blocks: [{ kind: 'paragraph', text: targetText(record) }, { kind: 'paragraph', text }, ...missing],
  };
}

function keyFigures({ analysis, verdict }: JudgedFirehose): readonly KeyFigure[] {
  const lost = analysis.cells.reduce((total, { ledger }) => total + (ledger.lost ?? 0), 0);
  const received = analysis.cells.reduce((total, { ledger }) => total + ledger.received, 0);
  if (analysis.cells.length === 0) return [];
  return [
    ...verdict.searches.map((search): KeyFigure => {
      const judged = judgedCellOf(analysis, search);
      const figures =
        judged === null
          ? ''
          : `: ${formatPercent(judged.deliveredRatio)} delivered, p99 ${formatMs(judged.latency.p99Ms)}, ${formatCores(judged.server.cpuCores)}`;
      return {
        value: search.sustainedRate === null ? sustainedText(search) : formatRate(search.sustainedRate),
        label: `ticks to one reader in ${FORMAT_WORDS[search.format]}${search.sustainedRate === null ? ' are sustained' : ' with every limit held'}${figures}`,
        ...(search.sustainedRate === null ? { tone: 'doubtful' as const } : {}),
      };
    }),
    {
      value: formatCount(lost),
      label: `of ${formatCount(received + lost)} ticks lost`,
      ...(lost > 0 ? { tone: 'bad' as const } : {}),
    },
  ];
}

function chartsSection({ record, analysis, verdict }: JudgedFirehose): readonly Section[] {
  const limits = limitsOf(record.thresholds);
  const byFormat = verdict.searches.map(
    (search) => [search.format, shownRates(analysis, verdict, search.format), search.sustainedRate] as const,
  );
  const drawings: readonly (ChartDrawing | null)[] = [
    ...byFormat.map(([format, cells]) => ratesChart(format, cells)),
    latencyChart(byFormat, limits),
    slowReadersChart(verdict.slowReaders),
    modesChart(analysis.cells),
  ];
  const charts = drawings.filter((drawing) => drawing !== null).map(drawChart);
  return charts.length === 0 ? [] : [{ id: 'charts', title: 'Charts', blocks: [{ kind: 'charts', charts }] }];
}

/** `1,000,000 in JSON and 3,000,000 in binary`. */
export function sustainedWords({ searches }: FirehoseVerdict): string {
  return formatList(
    searches.map(
      (search) =>
        `${search.sustainedRate === null ? sustainedText(search) : formatAskedRate(search.sustainedRate)} in ${FORMAT_WORDS[search.format]}`,
    ),
  );
}
