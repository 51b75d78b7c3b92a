/** Puts the report of a broadcast run together, as data. */

import { type BroadcastAnalysis, loadsOf } from '../../analysis/broadcast/broadcast-analysis.ts';
import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { BroadcastRecord } from '../../record/broadcast-record.ts';
import type { BroadcastVerdict } from '../../verdict/broadcast/broadcast-verdict.ts';
import {
  formatAskedRate,
  formatCores,
  formatCount,
  formatList,
  formatMs,
  formatRate,
} from '../../verdict/quantities.ts';
import { limitsOf } from '../../verdict/thresholds.ts';
import { type ChartDrawing, drawChart } from '../charts/chart.ts';
import { formatDuration } from '../format.ts';
import type { KeyFigure, ReportDocument, Section } from '../report-document.ts';
import { runSubtitle, runWarnings } from '../run-head.ts';
import { breachSections } from '../sections/breaches.ts';
import { checksSection } from '../sections/checks.ts';
import { environmentSection, repeatSection, settingsSection } from '../sections/circumstances.ts';
import { targetText, warmUpBlocks } from '../sections/target.ts';
import { validitySection } from '../sections/validity.ts';
import { latencyByPosition, slowReaderComparison } from './part-charts.ts';
import { closedSection, slowReadersSection } from './part-tables.ts';
import { fanOutOverRate, latencyOverRate, serverOverRate } from './rate-charts.ts';
import { fanOutSection, searchSection, serverSection } from './rate-tables.ts';
import { judgedStepOf, shownRates, sustainedText } from './rates.ts';

/** What a report is made from. */
export interface JudgedBroadcast {
  readonly record: BroadcastRecord;
  readonly analysis: BroadcastAnalysis;
  readonly verdict: BroadcastVerdict;
}

/** The order is the reader's: verdict, checks, what was run, results, why, whether to believe it, how to repeat it. */
export function broadcastReport(run: JudgedBroadcast): ReportDocument {
  const { record, analysis, verdict } = run;
  const measured = analysis.steps.length > 0;
  return {
    title: 'Broadcast profile',
    verdict: verdict.verdict,
    sentence: verdict.sentence,
    subtitle: runSubtitle(record),
    warnings: runWarnings(record),
    keyFigures: measured ? keyFigures(run) : [],
    sections: [
      checksSection(verdict),
      whatWasRun(record, analysis),
      ...(measured ? [searchSection(analysis, verdict)] : []),
      ...(measured ? [chartsSection(run)] : []),
      ...(measured ? [fanOutSection(analysis, verdict), serverSection(analysis)] : []),
      ...closedSection(analysis),
      ...slowReadersSection(verdict),
      { id: 'findings', title: 'Findings', blocks: [{ kind: 'findings', findings: verdict.findings }] },
      ...breachSections(...namedLoads(analysis)),
      validity(run),
      settingsSection(record),
      environmentSection(record),
      repeatSection(record),
    ],
  };
}

/** The loads, and how a sentence about one of them begins. */
export function namedLoads(
  analysis: BroadcastAnalysis,
): readonly [readonly TierAnalysis[], (tier: TierAnalysis, index: number) => string] {
  const loads = loadsOf(analysis);
  return [loads.map(({ tier }) => tier), (_tier, index) => `At ${loads[index]?.label ?? ''}`];
}

function whatWasRun(record: BroadcastRecord, { closed, slowReaders }: BroadcastAnalysis): Section {
  const measured = formatDuration(record.steps[0]?.tier.load.measureRequestedMs ?? 0);
  const later = [
    ...(closed === null ? [] : ['publishers that go as fast as they are answered']),
    ...(slowReaders.length === 0 ? [] : ['the same load without and with a reader that stopped reading']),
  ];
  const then = later.length === 0 ? '' : ` Then ${formatList(later)}.`;
  return {
    id: 'what-was-run',
    title: 'What was run',
    blocks: [
      { kind: 'paragraph', text: targetText(record) },
      {
        kind: 'paragraph',
        text:
          record.steps.length === 0
            ? 'No rate was measured.'
            : `${formatCount(record.connections)} clients subscribe to one match, and a publisher posts commentary to it over HTTP at a fixed rate, whether it is answered or not: ${formatList(record.rates.map(formatAskedRate))} a second${record.rates.length === 1 ? '' : ' one after the other'}, ${measured} each after a warm-up, until one does not hold every limit; then the gap is halved, and what was found is measured once more. Latency counts from the moment a POST was due, so a server that stalls cannot hide it.${then}`,
      },
      ...warmUpBlocks(record),
    ],
  };
}

function keyFigures({ record, analysis, verdict }: JudgedBroadcast): readonly KeyFigure[] {
  const judged = judgedStepOf(analysis, verdict);
  const loads = loadsOf(analysis);
  const lost = loads.reduce((total, { tier }) => total + tier.ledger.lost, 0);
  const expected = loads.reduce((total, { tier }) => total + tier.ledger.expected, 0);
  const at = judged === null ? '' : ` at ${formatAskedRate(judged.rate)}/s`;
  const achieved = judged?.tier.deliveries.achievedPerSecond ?? null;
  const deliveries = verdict.sustainedRate === null ? '' : `: ${formatRate(achieved)} deliveries`;
  const broken = verdict.steps[verdict.judgedStep ?? -1]?.broken ?? [];
  const sustained = sustainedText(verdict);
  return [
    {
      value: verdict.sustainedRate === null ? sustained : formatRate(verdict.sustainedRate),
      label: `broadcasts to ${formatCount(record.connections)} members with every limit held${deliveries}`,
      ...(verdict.sustainedRate === null ? { tone: sustained === 'none' ? 'bad' : 'doubtful' } : {}),
    },
    {
      value: formatMs(judged?.tier.delivery.p99Ms ?? null),
      label: `delivery p99${at}`,
      ...(broken.includes('p99') ? ({ tone: 'bad' } as const) : {}),
    },
    {
      value: formatMs(judged?.fanOut?.spread.p50Ms ?? null),
      label: 'from the first member to the last, typically',
    },
    {
      value: formatCount(lost),
      label: `of ${formatCount(expected)} messages lost`,
      ...(lost > 0 ? ({ tone: 'bad' } as const) : {}),
    },
    { value: formatCores(judged?.tier.server.cpuCores ?? null), label: `of server CPU${at}` },
  ];
}

function chartsSection({ record, analysis, verdict }: JudgedBroadcast): Section {
  const rates = shownRates(analysis, verdict);
  const judged = judgedStepOf(analysis, verdict);
  const compared = verdict.slowReaders;
  const drawings: readonly (ChartDrawing | null)[] = [
    latencyOverRate(rates, limitsOf(record.thresholds), verdict.sustainedRate),
    fanOutOverRate(rates),
    judged === null ? null : latencyByPosition(judged),
    serverOverRate(rates),
    compared === null ? null : slowReaderComparison(compared.without, compared.withSlow),
  ];
  const charts = drawings.filter((drawing) => drawing !== null).map(drawChart);
  return { id: 'charts', title: 'Charts', blocks: [{ kind: 'charts', charts }] };
}

function validity({ record, analysis, verdict }: JudgedBroadcast): Section {
  const loads = loadsOf(analysis);
  return validitySection({
    record,
    tiers: loads.map(({ tier }) => tier),
    problems: verdict.validity.flatMap(({ label, problems }) =>
      problems.map((problem) => ({ where: `In ${label}:`, problem })),
    ),
    healthy: 'Every load was measured on a healthy rig.',
    column: 'Load',
    labelOf: (_, index) => loads[index]?.label ?? '',
  });
}
