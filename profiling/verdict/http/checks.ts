/** A closed load is judged on loss alone: every request has one answer, it is a 2xx, and both ends count the same. */

import type { EndpointAnalysis } from '../../analysis/http/http-analysis.ts';
import { completedCheck } from '../checks/completed.ts';
import { countFailures, mergeFailures, ownFailures } from '../load-side-limits.ts';
import { formatCount, formatPercent, formatReasons } from '../quantities.ts';
import { holds, THRESHOLDS, type ThresholdName } from '../thresholds.ts';
import type { Check, VerdictWord } from '../verdict.ts';
import { type HttpContext, placesOf, totalOf } from './http-context.ts';

type CountName = Extract<ThresholdName, `http-${string}`>;

interface Counted {
  readonly name: CountName;
  /** Null where it could not be observed. */
  readonly figure: (endpoint: EndpointAnalysis) => number | null;
  /** What of it the load side brought on itself. */
  readonly own?: (endpoint: EndpointAnalysis) => number;
  readonly reasons?: (endpoint: EndpointAnalysis) => readonly { reason: string; count: number }[];
}

const COUNTED: readonly Counted[] = [
  {
    name: 'http-errors',
    figure: ({ failures }) => countFailures(failures),
    own: ({ failures }) => countFailures(ownFailures(failures)),
    reasons: ({ failures }) => failures,
  },
  { name: 'http-timeouts', figure: ({ timeouts }) => timeouts },
  {
    name: 'http-non-2xx',
    figure: ({ non2xx }) => non2xx.reduce((sum, { count }) => sum + count, 0),
    reasons: ({ non2xx }) => non2xx.map(({ status, count }) => ({ reason: String(status), count })),
  },
  { name: 'http-broadcasts', figure: ({ broadcasts }) => broadcasts?.missing ?? null },
];

/** Every check of an HTTP run. */
export function httpChecks(context: HttpContext): readonly Check[] {
  const { endpoints } = context.analysis;
  return [
    ...COUNTED.map((counted) => countCheck(counted, context)),
    countsAgree(context),
    completedCheck(
      context.record.outcome,
      endpoints.some(({ sent }) => sent > 0),
    ),
  ];
}

function countCheck({ name, figure, own, reasons }: Counted, { analysis, limits }: HttpContext): Check {
  const seen = analysis.endpoints.filter((endpoint) => figure(endpoint) !== null);
  const base = { name, title: THRESHOLDS[name].title, threshold: limits[name], unit: 'count' } as const;
  if (seen.length === 0) return { ...base, observed: null, verdict: 'n/a' };
  const count = (endpoint: EndpointAnalysis): number => figure(endpoint) ?? 0;
  const observed = totalOf(seen, count);
  const ours = totalOf(seen, own ?? (() => 0));
  const guilty = seen.filter((endpoint) => count(endpoint) > 0);
  const why = formatReasons(mergeFailures(guilty.flatMap((endpoint) => reasons?.(endpoint) ?? [])));
  const share = formatPercent(
    observed /
      Math.max(
        1,
        totalOf(guilty, ({ sent }) => sent),
      ),
  );
  const detail = `${share} of the requests ${placesOf(guilty)}${why === '' ? '' : `: ${why}`}`;
  const verdict: VerdictWord = holds(name, observed, limits)
    ? 'pass'
    : holds(name, observed - ours, limits)
      ? 'inconclusive'
      : 'fail';
  return { ...base, observed, verdict, ...(observed === 0 ? {} : { detail }) };
}

/** Fails nothing; makes a run inconclusive. */
function countsAgree({ analysis, record }: HttpContext): Check {
  const seen = analysis.endpoints.filter(({ counts }) => counts !== null);
  const base = {
    name: 'counts-agree',
    title: 'Requests that server and autocannon count differently',
    threshold: 0,
    unit: 'count',
  } as const;
  if (seen.length === 0) {
    const why = record.target.sees.metrics
      ? 'its metrics have no counter of requests'
      : 'its metrics are not seen';
    const detail = analysis.endpoints.length === 0 ? undefined : `not known: ${why}`;
    return { ...base, observed: null, verdict: 'n/a', ...(detail === undefined ? {} : { detail }) };
  }
  const unexplained = ({ counts }: EndpointAnalysis): number => counts?.unexplained ?? 0;
  const observed = totalOf(seen, unexplained);
  if (observed === 0) {
    const answers = totalOf(seen, (endpoint) => endpoint.answers);
    return { ...base, observed, verdict: 'pass', detail: `${formatCount(answers)} answers, on both sides` };
  }
  const guilty = seen.filter((endpoint) => unexplained(endpoint) > 0);
  return { ...base, observed, verdict: 'inconclusive', detail: `${placesOf(guilty)}; see Validity` };
}
