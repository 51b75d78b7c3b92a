/** What stopped or limited a churn run. */

import { checkLimit } from '../check-limit.ts';
import { loadSideFailures, loadSideShortage } from '../load-side-limits.ts';
import { formatCount, formatQuantity, formatRate, formatReasons } from '../quantities.ts';
import type { Check, Limit } from '../verdict.ts';
import type { ChurnContext } from './churn-context.ts';

export function limitOfRun(context: ChurnContext, checks: readonly Check[]): Limit {
  const { analysis, validity } = context;
  if (analysis.visits === null) return { kind: 'none', sentence: 'nothing was measured' };
  const own = loadSideFailures(analysis.parts.flatMap(({ failures }) => failures.connect));
  const shortage = own[0] === undefined ? undefined : loadSideShortage(own[0].reason);
  if (shortage !== undefined) {
    return { kind: shortage, sentence: `the load side ran out of ${shortage} (${formatReasons(own)})` };
  }
  const failed = checks.find((check) => check.verdict === 'fail');
  if (failed !== undefined) return { kind: 'threshold', sentence: `a limit broke: ${breach(failed)}` };
  const late = validity
    .flatMap(({ problems }) => problems)
    .find(({ code }) => code === 'rate-not-achieved' || code === 'generator-cpu');
  if (late !== undefined) return { kind: 'generator', sentence: late.sentence };
  const { requestedPerSecond } = analysis.visits.accepted;
  const storm =
    analysis.storm === null ? '' : ` and a storm of ${formatCount(analysis.storm.clients)} clients`;
  return { kind: 'none', sentence: `nothing gave way at ${formatRate(requestedPerSecond)} connects${storm}` };
}

function breach(check: Check): string {
  return `${check.title.toLowerCase()} ${formatQuantity(check.observed, check.unit)} (limit ${checkLimit(check)})`;
}
