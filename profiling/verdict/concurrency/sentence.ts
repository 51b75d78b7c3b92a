/** The verdict as one sentence that a stranger understands. */

import { checkLimit } from '../check-limit.ts';
import { totalBroken } from '../checks/total-sentence.ts';
import type { Decision } from '../decision.ts';
import { formatConnections, formatList, formatQuantity } from '../quantities.ts';
import type { Check } from '../verdict.ts';
import { doubtedLoad, sentenceOf } from '../verdict-sentence.ts';
import type { JudgingContext } from './checks/judging-context.ts';
import { passedSentence } from './passed-sentence.ts';

export function verdictSentence(decision: Decision, context: JudgingContext): string {
  const [first] = decision.deciding;
  if (decision.verdict === 'inconclusive' && first?.name === 'healthy-rig') {
    const breaches = breachesInDoubt(decision.deciding);
    if (breaches !== '') return `Inconclusive: ${doubtedLoad(first, false)}${breaches}.`;
  }
  return sentenceOf(decision, {
    passed: () => passedSentence(context),
    failed: (check) => failed(check, context),
    doubted: doubtedLoad,
  });
}

/** What is over its limit, where the rig may be why: the reader must not miss that something broke. */
function breachesInDoubt(deciding: readonly Check[]): string {
  const over = deciding.filter((check) => check.tier !== undefined && check.name !== 'healthy-rig').reverse();
  const said = over.map(
    (check) =>
      `${check.title.toLowerCase()} ${formatQuantity(check.observed, check.unit)} at ${formatConnections(check.tier ?? null)} (limit ${checkLimit(check)})`,
  );
  return said.length === 0 ? '' : `; over its limit, and the rig may be why: ${formatList(said)}`;
}

/** Everyday words for what broke; the table of checks has the rest. */
function failed(check: Check, context: JudgingContext): string {
  const seen = formatQuantity(check.observed, check.unit);
  const total = totalBroken(check, context.analysis.tiers);
  if (total !== null) return total;
  switch (check.name) {
    case 'rss-per-connection':
      return `each connection costs the server ${seen} of memory (limit ${checkLimit(check)})`;
    case 'cpu-per-1000':
      return `1,000 connections cost the server ${seen} at ${formatConnections(check.tier ?? null)} (limit ${checkLimit(check)})`;
    default:
      return `delivery latency ${check.name} was ${seen} at ${formatConnections(check.tier ?? null)} (limit ${checkLimit(check)})`;
  }
}
