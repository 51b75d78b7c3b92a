/** Puts the report of a churn run together, as data. */

import type { ChurnAnalysis, ChurnPart } from '../../analysis/churn/churn-analysis.ts';
import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { ChurnVerdict } from '../../verdict/churn/churn-verdict.ts';
import { formatCount, formatHeartbeats, formatMs, formatRate } from '../../verdict/quantities.ts';
import type { KeyFigure, ReportDocument, Section } from '../report-document.ts';
import { runSubtitle, runWarnings } from '../run-head.ts';
import { checksSection } from '../sections/checks.ts';
import { environmentSection, repeatSection, settingsSection } from '../sections/circumstances.ts';
import { validitySection } from '../sections/validity.ts';
import { drawCharts } from './churn-charts.ts';
import type { JudgedChurnRun } from './judged-churn-run.ts';
import { leftBehindSection } from './left-behind.ts';
import { resultsSection } from './results.ts';
import { socketsSection } from './sockets.ts';
import { stormSection } from './storm.ts';
import { whatWasRunSection } from './what-was-run.ts';

/** The order is the reader's: verdict, checks, what was run, results, why, whether to believe it, how to repeat it. */
export function churnReport(run: JudgedChurnRun): ReportDocument {
  const { record, analysis, verdict } = run;
  return {
    title: 'WebSocket churn profile',
    verdict: verdict.verdict,
    sentence: verdict.sentence,
    subtitle: runSubtitle(record),
    warnings: runWarnings(record),
    keyFigures: keyFigures(run),
    sections: [
      checksSection(verdict),
      whatWasRunSection(record),
      ...resultsSection(run),
      ...stormSection(analysis),
      ...chartsSection(analysis),
      leftBehindSection(run),
      ...socketsSection(analysis),
      { id: 'findings', title: 'Findings', blocks: [{ kind: 'findings', findings: verdict.findings }] },
      {
        id: 'recommendations',
        title: 'Recommendations',
        blocks: [{ kind: 'list', items: [...verdict.recommendations] }],
      },
      validity(run),
      settingsSection(record),
      environmentSection(record),
      repeatSection(record),
    ],
  };
}

function validity({ record, analysis, verdict }: JudgedChurnRun): Section {
  return validitySection({
    record,
    tiers: analysis.parts,
    problems: verdict.validity.flatMap(({ name, problems }) =>
      problems.map((problem) => ({ where: `In the ${name}`, problem })),
    ),
    healthy: 'Churn and storm were made by a healthy rig.',
    column: 'Part',
    labelOf: (tier) => (isPart(tier) ? tier.name : ''),
  });
}

function isPart(tier: TierAnalysis): tier is ChurnPart {
  return 'name' in tier;
}

function chartsSection(analysis: ChurnAnalysis): readonly Section[] {
  const charts = drawCharts(analysis);
  return charts.length === 0 ? [] : [{ id: 'charts', title: 'Charts', blocks: [{ kind: 'charts', charts }] }];
}

function keyFigures({ analysis, verdict }: JudgedChurnRun): readonly KeyFigure[] {
  const { visits, halfOpen, storm, release } = analysis;
  if (visits === null) return [];
  const failed = new Set(verdict.checks.filter((check) => check.verdict === 'fail').map(({ name }) => name));
  const toned = (figure: KeyFigure, ...names: readonly string[]): KeyFigure =>
    names.some((name) => failed.has(name)) ? { ...figure, tone: 'bad' } : figure;
  const figures = [
    toned(
      {
        value: formatRate(visits.accepted.achievedPerSecond),
        label: `connections accepted, of ${formatRate(visits.accepted.requestedPerSecond)} asked for`,
      },
      'not-connected',
    ),
    toned(leftBehindFigure(verdict), 'structures', 'listeners', 'timers', 'fds', 'classes'),
    toned(
      {
        value: formatMs(halfOpen?.detection.maxMs ?? null),
        label: `to find the last client that fell silent${inHeartbeats(halfOpen?.longestHeartbeats ?? null)}`,
      },
      'half-open',
      'half-open-missed',
    ),
    toned(
      { value: formatMs(release?.longestMs ?? null), label: 'to let go of ended connections' },
      'release-time',
    ),
  ];
  if (storm === null) return figures;
  const back: KeyFigure = {
    value: formatMs(storm.recoveryMs),
    label: `until ${formatCount(storm.returned)} of ${formatCount(storm.clients)} were back after the storm`,
  };
  return [...figures, toned(back, 'not-recovered')];
}

function inHeartbeats(count: number | null): string {
  return count === null ? '' : ` (${formatHeartbeats(count)})`;
}

function leftBehindFigure({ leftBehind, checks }: ChurnVerdict): KeyFigure {
  const wasSeen = checks.some((check) => check.name === 'structures' && check.observed !== null);
  const things = leftBehind.filter(({ kind }) => kind !== 'class').length || leftBehind.length;
  return wasSeen
    ? { value: formatCount(things), label: 'kinds of things left behind' }
    : { value: 'n/a', label: 'left behind: the target does not show it' };
}
