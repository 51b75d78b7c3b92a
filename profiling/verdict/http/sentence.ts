/** The verdict as one sentence that a stranger understands. */

import type { EndpointAnalysis } from '../../analysis/http/http-analysis.ts';
import type { Decision } from '../decision.ts';
import { formatConnections, formatCount, formatList, formatMs, formatReasons } from '../quantities.ts';
import type { Check } from '../verdict.ts';
import { sentenceOf } from '../verdict-sentence.ts';
import { endpointTitle, type HttpContext, placesOf, totalOf } from './http-context.ts';

export function verdictSentence(decision: Decision, context: HttpContext): string {
  return sentenceOf(decision, {
    passed: () => passed(context),
    failed: (first) => broken(first, context),
    doubted: (first) => doubted(first, context),
  });
}

function passed({ analysis, record }: HttpContext): string {
  const { endpoints } = analysis;
  const sent = totalOf(endpoints, (endpoint) => endpoint.sent);
  const ok = totalOf(endpoints, (endpoint) => endpoint.ok);
  const slowest = endpoints.toSorted((a, b) => (b.latency.p99Ms ?? 0) - (a.latency.p99Ms ?? 0))[0];
  // Which one is slowest is known only where all are.
  const isKnown = endpoints.every(({ latency: { p99Ms } }) => p99Ms !== null);
  const p99Ms = isKnown ? (slowest?.latency.p99Ms ?? null) : null;
  const where =
    endpoints.length === 1 ? '' : `, slowest at ${slowest === undefined ? '' : endpointTitle(slowest)}`;
  const latency = p99Ms === null ? '' : `; p99 ${formatMs(p99Ms)}${where}`;
  const only = endpoints[0];
  const what =
    endpoints.length === 1 && only !== undefined
      ? endpointTitle(only)
      : `${formatCount(endpoints.length)} endpoints`;
  // Less than all of them passes only where a limit was changed.
  const share = ok === sent ? `all ${formatCount(sent)}` : `${formatCount(ok)} of ${formatCount(sent)}`;
  const waiting = record.connections === 1 ? '1 connection' : `${formatConnections(record.connections)} each`;
  return `${share} requests to ${what} were answered with a 2xx, ${waiting} waiting for its answer (closed load)${latency}`;
}

function broken(check: Check, { analysis }: HttpContext): string {
  const seen = formatCount(check.observed);
  const { endpoints } = analysis;
  const share = (guilty: readonly EndpointAnalysis[]): string =>
    `${seen} of ${formatCount(totalOf(guilty, ({ sent }) => sent))} requests`;
  switch (check.name) {
    case 'http-errors': {
      const guilty = endpoints.filter(({ failures }) => failures.length > 0);
      const why = formatReasons(guilty.flatMap(({ failures }) => failures).slice(0, 3));
      return `${share(guilty)} came to no answer ${placesOf(guilty)} (${why})`;
    }
    case 'http-timeouts': {
      const guilty = endpoints.filter(({ timeouts }) => timeouts > 0);
      return `${share(guilty)} timed out ${placesOf(guilty)}`;
    }
    case 'http-non-2xx': {
      const guilty = endpoints.filter(({ non2xx }) => non2xx.length > 0);
      const statuses = guilty.flatMap(({ non2xx }) => non2xx.map(({ status }) => String(status)));
      return `${share(guilty)} were answered with ${formatList([...new Set(statuses)])} ${placesOf(guilty)}`;
    }
    case 'http-broadcasts':
      return `${seen} commentaries were accepted and never broadcast`;
    default:
      return `${check.title.toLowerCase()}: ${seen}`;
  }
}

function doubted(check: Check, { analysis }: HttpContext): string {
  switch (check.name) {
    case 'completed':
      return `the run was cut short: ${check.detail ?? 'nothing was measured'}`;
    case 'counts-agree':
      return `server and autocannon count differently (${formatCount(check.observed)} requests ${placesOf(analysis.endpoints.filter(({ counts }) => (counts?.unexplained ?? 0) > 0))})`;
    default:
      return `${check.title.toLowerCase()} cannot be judged: the load side itself ran out of something (${check.detail ?? ''})`;
  }
}
