/** The verdict as one sentence that a stranger understands. */

import { totalBroken } from '../checks/total-sentence.ts';
import { formatConnections, formatList, formatQuantity } from '../quantities.ts';
import { formatLimit, type ThresholdName } from '../thresholds.ts';
import type { Check, VerdictWord } from '../verdict.ts';
import type { JudgingContext } from './checks/judging-context.ts';
import { passedSentence } from './passed-sentence.ts';

const MORE = { fail: 'failed', inconclusive: 'in doubt' } as const;

/** @param deciding the checks that made the verdict; the first one is told, the others are counted */
export function verdictSentence(
  verdict: VerdictWord,
  deciding: readonly Check[],
  context: JudgingContext,
): string {
  if (verdict === 'pass') return `Pass: ${passedSentence(context)}.`;
  const [first] = deciding;
  const others = deciding.length - 1;
  const more = others < 1 ? '' : `; ${others} more ${others === 1 ? 'check' : 'checks'} ${MORE[verdict]}`;
  if (verdict === 'fail') {
    return first === undefined ? 'Fail.' : `Fail: ${failed(first, context)}${more}.`;
  }
  if (first === undefined) return 'Inconclusive: nothing was measured.';
  const breaches = first.name === 'healthy-rig' ? breachesInDoubt(deciding) : '';
  return `Inconclusive: ${doubted(first, others < 1)}${breaches === '' ? more : breaches}.`;
}

/** What is over its limit, where the rig may be why: the reader must not miss that something broke. */
function breachesInDoubt(deciding: readonly Check[]): string {
  const over = deciding.filter((check) => check.tier !== undefined && check.name !== 'healthy-rig').reverse();
  const said = over.map(
    (check) =>
      `${check.title.toLowerCase()} ${formatQuantity(check.observed, check.unit)} at ${formatConnections(check.tier ?? null)} (limit ${limitOf(check)})`,
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
      return `each connection costs the server ${seen} of memory (limit ${limitOf(check)})`;
    case 'cpu-per-1000':
      return `1,000 connections cost the server ${seen} at ${formatConnections(check.tier ?? null)} (limit ${limitOf(check)})`;
    default:
      return `delivery latency ${check.name} was ${seen} at ${formatConnections(check.tier ?? null)} (limit ${limitOf(check)})`;
  }
}

function limitOf(check: Check): string {
  return formatLimit(check.name as ThresholdName, check.threshold);
}

/** @param alone whether no other check failed or is in doubt */
function doubted(check: Check, alone: boolean): string {
  if (check.name === 'healthy-rig')
    return `the measurement cannot be trusted: ${check.detail ?? 'the rig was not healthy'}`;
  if (check.name === 'completed') {
    return `the run was cut short: ${check.detail ?? 'nothing was measured'}`;
  }
  const rest = alone ? 'every other check held, but ' : '';
  return `${rest}${check.title.toLowerCase()} cannot be judged, ${check.detail ?? 'it was not seen'}`;
}
