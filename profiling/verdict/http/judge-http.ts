/** Holds an HTTP run against its limits. */

import type { HttpAnalysis, HttpLimit } from '../../analysis/http/http-analysis.ts';
import type { HttpRecord } from '../../record/http-record.ts';
import { decide } from '../decision.ts';
import { limitsOf } from '../thresholds.ts';
import type { Limit, LimitKind, Verdict } from '../verdict.ts';
import { httpChecks } from './checks.ts';
import { findingsOf } from './findings.ts';
import type { HttpContext } from './http-context.ts';
import { verdictSentence } from './sentence.ts';

/** Judges loss; times and rates of a closed load are shown. */
export function judgeHttp(record: HttpRecord, analysis: HttpAnalysis): Verdict {
  const context: HttpContext = { record, analysis, limits: limitsOf(record.thresholds) };
  const checks = httpChecks(context);
  const decision = decide(checks, record.outcome);
  return {
    verdict: decision.verdict,
    sentence: verdictSentence(decision, context),
    checks,
    limitedBy: limitOf(context),
    findings: findingsOf(context, checks),
  };
}

const LIMITS: Readonly<Record<HttpLimit, readonly [kind: LimitKind, sentence: string]>> = {
  server: ['server-core', 'the server filled its core'],
  autocannon: ['generator', 'autocannon filled its core before the server did'],
  machine: ['machine', 'the machine was full'],
  connections: [
    'none',
    'as many requests were under way as there were connections: more of them would ask more',
  ],
};

/** Of the fastest endpoint: there the load came closest to a limit. */
function limitOf({ analysis }: HttpContext): Limit {
  const fastest = analysis.endpoints.toSorted((a, b) => b.requestsPerSecond - a.requestsPerSecond)[0];
  if (fastest === undefined) return { kind: 'none', sentence: 'nothing was measured' };
  const [kind, sentence] = LIMITS[fastest.limit];
  return { kind, sentence: `at ${fastest.name} ${sentence}` };
}
