/** Puts the report of an overhead run together, as data. */

import type { OverheadAnalysis } from '../../analysis/overhead/overhead-analysis.ts';
import type { OverheadRecord } from '../../record/overhead-record.ts';
import type { OverheadVerdict } from '../../verdict/overhead/overhead-verdict.ts';
import { formatCores, formatCount, formatMs, formatPercent } from '../../verdict/quantities.ts';
import { limitsOf } from '../../verdict/thresholds.ts';
import type { KeyFigure, ReportDocument, Section } from '../report-document.ts';
import { runSubtitle, runWarnings } from '../run-head.ts';
import { checksSection } from '../sections/checks.ts';
import { environmentSection, repeatSection, settingsSection } from '../sections/circumstances.ts';
import { type ArmFigures, armFigures, armsSection } from './arms.ts';
import { latencySection } from './latencies.ts';
import { overheadCharts } from './overhead-charts.ts';
import { validitySection } from './validity.ts';
import { whatWasRunSection } from './what-was-run.ts';

/** What a report is made from. */
export interface JudgedOverhead {
  readonly record: OverheadRecord;
  readonly analysis: OverheadAnalysis;
  readonly verdict: OverheadVerdict;
}

/** The order is the reader's: verdict, checks, what was run, results, why, whether to believe it, how to repeat it. */
export function overheadReport({ record, analysis, verdict }: JudgedOverhead): ReportDocument {
  const figures = armFigures(analysis, verdict);
  return {
    title: 'Overhead profile',
    verdict: verdict.verdict,
    sentence: verdict.sentence,
    subtitle: runSubtitle(record),
    warnings: runWarnings(record),
    keyFigures: keyFigures(figures, verdict),
    sections: [
      checksSection(verdict),
      whatWasRunSection(record, analysis),
      armsSection(figures),
      ...latencySection(figures),
      ...chartsSection(record, verdict),
      { id: 'findings', title: 'Findings', blocks: findings(verdict) },
      validitySection(analysis, verdict),
      settingsSection(record),
      environmentSection(record),
      repeatSection(record),
    ],
  };
}

function findings({ findings: found }: OverheadVerdict): Section['blocks'] {
  return found.length === 0
    ? [{ kind: 'paragraph', text: 'Nothing was found that needs attention.' }]
    : [{ kind: 'findings', findings: found }];
}

function keyFigures(figures: readonly ArmFigures[], verdict: OverheadVerdict): readonly KeyFigure[] {
  const bare = figures.find(({ comparison }) => comparison === null);
  if (bare === undefined || bare.turns === 0) return [];
  const check = verdict.checks.find(({ name }) => name === 'instrumentation-cost');
  const failed = check?.verdict === 'fail' ? ({ tone: 'bad' } as const) : {};
  return [
    { value: formatPercent(check?.observed ?? null), label: 'of throughput taken by metrics', ...failed },
    ...latencyFigure(verdict),
    ...figures
      .filter(({ arm }) => arm === 'cpu-profile')
      .map(({ comparison }) => ({
        value: formatPercent(comparison?.cost?.mean ?? null),
        label: 'taken by a CPU profile',
      })),
    {
      value: formatCount(bare.deliveriesPerCpuSecond),
      label: 'deliveries per CPU second without instrumentation',
    },
    { value: formatCores(bare.cpuCores), label: 'used by the server without instrumentation' },
  ];
}

function latencyFigure({ checks }: OverheadVerdict): readonly KeyFigure[] {
  const check = checks.find(({ name }) => name === 'instrumentation-latency');
  if (check === undefined || check.observed === null) return [];
  const failed = check.verdict === 'fail' ? ({ tone: 'bad' } as const) : {};
  return [{ value: formatMs(check.observed), label: 'added to the p99 of deliveries', ...failed }];
}

function chartsSection(record: OverheadRecord, verdict: OverheadVerdict): readonly Section[] {
  const charts = overheadCharts(verdict, limitsOf(record.thresholds));
  return charts.length === 0 ? [] : [{ id: 'charts', title: 'Charts', blocks: [{ kind: 'charts', charts }] }];
}
