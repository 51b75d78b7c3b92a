/** An HTTP run, judged and put into words. */

import { analyseHttp } from '../../analysis/http/analyse-http.ts';
import type { EndpointAnalysis } from '../../analysis/http/http-analysis.ts';
import type { HttpRecord } from '../../record/http-record.ts';
import { judgeHttp } from '../../verdict/http/judge-http.ts';
import { formatCores, formatCount, formatMs, formatRate } from '../../verdict/quantities.ts';
import type { Highlight, JudgedRun } from '../judged-run.ts';
import { httpReport } from './http-report.ts';

/** @throws TouchlineError `TL_RECORD_INVALID` when a histogram in the record cannot be decoded */
export function judgedHttp(record: HttpRecord): JudgedRun {
  const analysis = analyseHttp(record);
  const verdict = judgeHttp(record, analysis);
  const { endpoints } = analysis;
  const measured = endpoints.length > 0;
  return {
    record,
    verdict,
    report: httpReport({ record, analysis, verdict }),
    highlights: highlights(endpoints),
    tables: measured ? [[HEAD, ...endpoints.map(row)]] : [],
    notes: measured ? [NOTE, `Limited by: ${verdict.limitedBy.sentence}.`] : [],
  };
}

const NOTE =
  'Closed load: each connection waits for its answer. Rates are what came through; times and rates are shown, loss is judged.';
const HEAD = [
  'endpoint',
  'requests/s',
  'p50',
  'p95',
  'p99',
  'longest',
  'failed',
  'server CPU',
  'CPU per 1,000',
];

function row({ latency, server, ...endpoint }: EndpointAnalysis): readonly string[] {
  return [
    endpoint.name,
    formatRate(endpoint.requestsPerSecond),
    ...[latency.p50Ms, latency.p95Ms, latency.p99Ms, latency.maxMs].map(formatMs),
    formatCount(endpoint.sent - endpoint.ok - endpoint.undetermined),
    formatCores(server.cpuCores),
    formatMs(endpoint.cpuMsPerThousand),
  ];
}

function highlights(endpoints: readonly EndpointAnalysis[]): readonly Highlight[] {
  const answered = endpoints.filter(({ latency }) => latency.n > 0);
  if (answered.length === 0) return [];
  const told = answered.map(
    ({ name, requestsPerSecond, latency }) =>
      `${name} ${formatRate(requestsPerSecond)} (p99 ${formatMs(latency.p99Ms)})`,
  );
  return [{ question: 'HTTP, closed load', answer: told.join(', ') }];
}
