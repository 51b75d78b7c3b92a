/** Puts the report of a run together, as data. */

import type { ConcurrencyAnalysis } from '../../analysis/concurrency/concurrency-analysis.ts';
import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { ConcurrencyRecord } from '../../record/concurrency-record.ts';
import { type ConcurrencyVerdict, isKneeUnknown } from '../../verdict/concurrency/concurrency-verdict.ts';
import {
  formatBytes,
  formatConnections,
  formatCores,
  formatCount,
  formatMs,
} from '../../verdict/quantities.ts';
import type { KeyFigure, ReportDocument, Section } from '../report-document.ts';
import { runSubtitle, runWarnings } from '../run-head.ts';
import { breachSections } from '../sections/breaches.ts';
import { checksSection } from '../sections/checks.ts';
import { environmentSection, repeatSection, settingsSection } from '../sections/circumstances.ts';
import { validitySection } from '../sections/validity.ts';
import { limitsSection, memorySection } from './limits.ts';
import { drawCharts } from './run-charts.ts';
import { tiersSection } from './tiers.ts';
import { whatWasRunSection } from './what-was-run.ts';

/** What a report is made from. */
export interface JudgedConcurrency {
  readonly record: ConcurrencyRecord;
  readonly analysis: ConcurrencyAnalysis;
  readonly verdict: ConcurrencyVerdict;
}

/** The order is the reader's: verdict, checks, what was run, results, why, whether to believe it, how to repeat it. */
export function concurrencyReport({ record, analysis, verdict }: JudgedConcurrency): ReportDocument {
  return {
    title: 'WebSocket profile',
    verdict: verdict.verdict,
    sentence: verdict.sentence,
    subtitle: runSubtitle(record),
    warnings: runWarnings(record),
    keyFigures: keyFigures(analysis, verdict),
    sections: [
      checksSection(verdict),
      whatWasRunSection(record, analysis),
      tiersSection(analysis, verdict),
      ...chartsSection({ record, analysis, verdict }),
      memorySection(analysis),
      limitsSection(analysis, verdict),
      { id: 'findings', title: 'Findings', blocks: [{ kind: 'findings', findings: verdict.findings }] },
      ...breachSections(analysis.tiers, nameTier),
      validitySection({
        record,
        tiers: analysis.tiers,
        problems: verdict.validity.flatMap(({ connections, problems }) =>
          problems.map((problem) => ({ where: `At ${formatCount(connections)} connections`, problem })),
        ),
        healthy: 'Every tier was measured on a healthy rig.',
        column: 'Tier',
        labelOf: (tier) => formatCount(tier.connections),
      }),
      settingsSection(record),
      environmentSection(record),
      repeatSection(record),
    ],
  };
}

/** Where a breach was, to begin a sentence. */
export function nameTier({ connections }: TierAnalysis): string {
  return `At ${formatConnections(connections)}`;
}

function keyFigures(analysis: ConcurrencyAnalysis, verdict: ConcurrencyVerdict): readonly KeyFigure[] {
  const largest = analysis.tiers.at(-1);
  if (largest === undefined) return [];
  const judged = analysis.tiers.filter((tier) => tier.connections <= verdict.judgedUpTo).at(-1) ?? largest;
  const memory = verdict.checks.find((check) => check.name === 'rss-per-connection');
  const lost = analysis.tiers.reduce((total, tier) => total + tier.ledger.lost, 0);
  const expected = analysis.tiers.reduce((total, tier) => total + tier.ledger.expected, 0);
  return [
    {
      value: verdict.knee === null ? (isKneeUnknown(verdict) ? 'n/a' : 'none') : formatCount(verdict.knee),
      label: 'connections with every threshold held',
      ...(verdict.knee === null && !isKneeUnknown(verdict) ? ({ tone: 'bad' } as const) : {}),
    },
    latencyFigure(judged, verdict),
    {
      value: formatCount(lost),
      label: `of ${formatCount(expected)} messages lost`,
      ...(lost > 0 ? ({ tone: 'bad' } as const) : {}),
    },
    {
      value: formatCores(judged.server.cpuCores),
      label: `of server CPU at ${formatCount(judged.connections)} connections`,
    },
    // Null where the check could not judge it: a slope over a few dozen connections is noise.
    { value: formatBytes(memory?.observed ?? null), label: 'of server memory a connection' },
  ];
}

function latencyFigure(tier: TierAnalysis, verdict: ConcurrencyVerdict): KeyFigure {
  const broken = verdict.tiers.find((found) => found.connections === tier.connections)?.broken ?? [];
  return {
    value: formatMs(tier.delivery.p99Ms),
    label: `delivery p99 at ${formatCount(tier.connections)} connections`,
    ...(broken.includes('p99') ? ({ tone: 'bad' } as const) : {}),
  };
}

function chartsSection({ record, analysis, verdict }: JudgedConcurrency): readonly Section[] {
  const charts = drawCharts(record, analysis, verdict);
  return charts.length === 0 ? [] : [{ id: 'charts', title: 'Charts', blocks: [{ kind: 'charts', charts }] }];
}
