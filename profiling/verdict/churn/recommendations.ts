/** What to do about a churn run, most important first. */

import { formatAskedRate, formatCount } from '../quantities.ts';
import type { Check } from '../verdict.ts';
import type { ChurnContext } from './churn-context.ts';
import { findingsOf } from './findings.ts';

/** Told, but nothing to act upon. */
const TOLD_ONLY: ReadonlySet<string> = new Set(['The storm passed', 'Where TIME_WAIT sits']);

export function recommendationsOf(context: ChurnContext, checks: readonly Check[]): readonly string[] {
  const { analysis, record } = context;
  if (analysis.visits === null) return ['Run again: nothing was measured.'];
  if (record.faults.length > 0) {
    return ['This run is a positive control: run again without --fault before anything is concluded.'];
  }
  const wanted = findingsOf(context, checks).filter(({ title }) => !TOLD_ONLY.has(title));
  const told = wanted.map(({ title, where, todo }) => `${title} (${where}): ${todo}`);
  return [...told, ...further(context)];
}

/** What a longer or harder run would show. */
function further({ analysis, record }: ChurnContext): readonly string[] {
  const { visits, storm, outline } = analysis;
  const rate = visits?.accepted.requestedPerSecond ?? 0;
  const harder = `Find the limit: --connects ${formatAskedRate(rate * 2)} --storm ${(storm?.clients ?? outline?.stormClients ?? 500) * 2}.`;
  const longer = record.quick
    ? `This run was quick: ${formatCount(visits?.connected ?? 0)} clients came and went. The full one (npm run profile:churn) sends several times as many, with a heartbeat of 5 s.`
    : null;
  return [harder, ...(longer === null ? [] : [longer])];
}
