/** Memory per connection: one slope over the whole run, judged once. */

import type { MemorySlopes } from '../../../analysis/concurrency/concurrency-analysis.ts';
import type { LineFit } from '../../../analysis/line-fit.ts';
import { formatBytes } from '../../quantities.ts';
import { holds, type Limits, MIN_CONNECTIONS_FOR_COSTS, THRESHOLDS } from '../../thresholds.ts';
import type { Check } from '../../verdict.ts';
import type { JudgingContext } from './judging-context.ts';

const NAME = 'rss-per-connection';
/** Two points always lie on a line: only a third says how far to trust it. */
const MIN_POINTS = 3;
/** Where a touchline server says its token. */
const HOW_TO_FORCE = '--admin-token lets the profiler force it (the server logs where its token is)';

interface Found {
  readonly verdict: Check['verdict'];
  readonly detail: string;
}

/** The slope of RSS over connections against its limit; the confidence interval is said beside it. */
export function memoryCheck(context: JudgingContext): Check {
  const { memory } = context.analysis;
  const largest = context.analysis.tiers.at(-1)?.connections ?? 0;
  const found = judge(memory, largest, context);
  return {
    name: NAME,
    title: THRESHOLDS[NAME].title,
    threshold: context.limits[NAME],
    observed: found.verdict === 'n/a' ? null : (memory.rss?.slope ?? null),
    unit: 'bytes',
    verdict: found.verdict,
    detail: found.detail,
  };
}

function judge(memory: MemorySlopes, largest: number, { limits }: JudgingContext): Found {
  if (largest < MIN_CONNECTIONS_FOR_COSTS) {
    return {
      verdict: 'n/a',
      detail: `needs a tier of ${MIN_CONNECTIONS_FOR_COSTS} connections: below, RSS moves by more than the connections weigh`,
    };
  }
  const { rss, forcedGc } = memory;
  if (rss === null) return { verdict: 'inconclusive', detail: 'the target does not show its memory' };
  if (rss.points.length < MIN_POINTS) {
    return {
      verdict: 'n/a',
      detail: `needs ${MIN_POINTS} readings for a confidence interval, the idle one included; there are ${rss.points.length}`,
    };
  }
  return forcedGc ? judgeForced(rss, limits) : judgeUnforced(rss, limits);
}

function judgeForced(rss: LineFit, limits: Limits): Found {
  if (holds(NAME, rss.slope, limits)) return { verdict: 'pass', detail: interval(rss) };
  if (holds(NAME, rss.slopeLow ?? rss.slope, limits)) {
    return { verdict: 'inconclusive', detail: `${interval(rss)}; the interval includes the limit` };
  }
  return { verdict: 'fail', detail: interval(rss) };
}

/** Garbage that comes and goes bends the slope either way: only a whole interval below the limit says something. */
function judgeUnforced(rss: LineFit, limits: Limits): Found {
  if (holds(NAME, rss.slopeHigh ?? rss.slope, limits)) {
    return { verdict: 'pass', detail: `${interval(rss)}, without forced GC` };
  }
  return {
    verdict: 'inconclusive',
    detail: `${interval(rss)} without forced GC: garbage moves it by more than the connections weigh; ${HOW_TO_FORCE}`,
  };
}

function interval(fit: LineFit): string {
  return `95 % CI ${formatBytes(fit.slopeLow)} to ${formatBytes(fit.slopeHigh)}`;
}
