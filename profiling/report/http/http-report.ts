/** Puts the report of an HTTP run together, as data. */

import type { EndpointAnalysis, HttpAnalysis } from '../../analysis/http/http-analysis.ts';
import type { HttpRecord } from '../../record/http-record.ts';
import { endpointTitle } from '../../verdict/http/http-context.ts';
import { formatCount, formatMs, formatRate } from '../../verdict/quantities.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import type { KeyFigure, ReportDocument, Section } from '../report-document.ts';
import { runSubtitle, runWarnings } from '../run-head.ts';
import { checksSection } from '../sections/checks.ts';
import { environmentSection, repeatSection, settingsSection } from '../sections/circumstances.ts';
import { endpointsSection } from './endpoints.ts';
import { httpCharts } from './http-charts.ts';
import { validitySection } from './validity.ts';
import { whatWasRunSection } from './what-was-run.ts';

/** What a report is made from. */
export interface JudgedHttp {
  readonly record: HttpRecord;
  readonly analysis: HttpAnalysis;
  readonly verdict: Verdict;
}

/** The order is the reader's: verdict, checks, what was run, results, why, whether to believe it, how to repeat it. */
export function httpReport({ record, analysis, verdict }: JudgedHttp): ReportDocument {
  return {
    title: 'HTTP profile (closed load)',
    verdict: verdict.verdict,
    sentence: verdict.sentence,
    subtitle: runSubtitle(record),
    warnings: runWarnings(record),
    keyFigures: keyFigures(analysis),
    sections: [
      checksSection(verdict),
      whatWasRunSection(record, analysis),
      ...(analysis.endpoints.length === 0 ? [] : [endpointsSection(analysis)]),
      ...chartsSection(analysis),
      { id: 'findings', title: 'Findings', blocks: findings(verdict) },
      validitySection(record, analysis),
      settingsSection(record),
      environmentSection(record),
      repeatSection(record),
    ],
  };
}

function findings({ findings: found }: Verdict): Section['blocks'] {
  return found.length === 0
    ? [{ kind: 'paragraph', text: 'Nothing was found that needs attention.' }]
    : [{ kind: 'findings', findings: found }];
}

function keyFigures({ endpoints }: HttpAnalysis): readonly KeyFigure[] {
  if (endpoints.length === 0) return [];
  const failed = endpoints.reduce((sum, { sent, ok, undetermined }) => sum + sent - ok - undetermined, 0);
  const sent = endpoints.reduce((sum, endpoint) => sum + endpoint.sent, 0);
  return [
    {
      value: formatCount(failed),
      label: `of ${formatCount(sent)} requests failed`,
      ...(failed > 0 ? { tone: 'bad' } : {}),
    },
    ...fastest(endpoints),
    ...slowest(endpoints),
  ];
}

function fastest(endpoints: readonly EndpointAnalysis[]): readonly KeyFigure[] {
  const [first] = endpoints.toSorted((a, b) => b.requestsPerSecond - a.requestsPerSecond);
  return first === undefined
    ? []
    : [{ value: formatRate(first.requestsPerSecond), label: `requests, most: ${endpointTitle(first)}` }];
}

function slowest(endpoints: readonly EndpointAnalysis[]): readonly KeyFigure[] {
  const [first] = endpoints.toSorted((a, b) => (b.latency.p99Ms ?? 0) - (a.latency.p99Ms ?? 0));
  if (first === undefined || first.latency.p99Ms === null) return [];
  return [{ value: formatMs(first.latency.p99Ms), label: `p99, longest: ${endpointTitle(first)}` }];
}

function chartsSection(analysis: HttpAnalysis): readonly Section[] {
  const charts = httpCharts(analysis);
  return charts.length === 0 ? [] : [{ id: 'charts', title: 'Charts', blocks: [{ kind: 'charts', charts }] }];
}
