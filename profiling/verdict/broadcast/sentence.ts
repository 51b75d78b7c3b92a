/** The verdict as one sentence that a stranger understands. */

import { totalBroken } from '../checks/total-sentence.ts';
import {
  formatAskedRate,
  formatCores,
  formatCount,
  formatMs,
  formatQuantity,
  formatRate,
} from '../quantities.ts';
import { formatLimit, type ThresholdName } from '../thresholds.ts';
import type { Check, VerdictWord } from '../verdict.ts';
import type { JudgingContext } from './judging-context.ts';

const MORE = { fail: 'failed', inconclusive: 'in doubt' } as const;

/** @param deciding the checks that made the verdict; the first one is told, the others are counted */
export function verdictSentence(
  verdict: VerdictWord,
  deciding: readonly Check[],
  context: JudgingContext,
): string {
  if (verdict === 'pass') return `Pass: ${passed(context)}.`;
  const [first] = deciding;
  const others = deciding.length - 1;
  const more = others < 1 ? '' : `; ${others} more ${others === 1 ? 'check' : 'checks'} ${MORE[verdict]}`;
  if (verdict === 'fail') return first === undefined ? 'Fail.' : `Fail: ${failed(first, context)}${more}.`;
  if (first === undefined) return 'Inconclusive: nothing was measured.';
  return `Inconclusive: ${doubted(first, others < 1)}${more}.`;
}

function passed({ sustainedRate, record, judged }: JudgingContext): string {
  if (judged === null || sustainedRate === null) return 'every check held';
  const { tier, fanOut } = judged;
  const last = fanOut?.spread.p50Ms ?? null;
  const parts = [
    tier.delivery.p99Ms === null ? null : `99 % of deliveries within ${formatMs(tier.delivery.p99Ms)}`,
    last === null ? null : `the last member typically ${formatMs(last)} after the first`,
    tier.server.cpuCores === null ? null : `${formatCores(tier.server.cpuCores)} of server CPU`,
  ].filter((part) => part !== null);
  const said = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return `the server sustained ${formatAskedRate(sustainedRate)} broadcasts/s to ${formatCount(record.connections)} members (${formatCount(tier.deliveries.achievedPerSecond)} deliveries/s), and every message arrived once and in order${said}`;
}

function failed(check: Check, { loads, sustainedRate, requiredRate, ceiling }: JudgingContext): string {
  const total = totalBroken(
    check,
    loads.map(({ tier }) => tier),
  );
  if (total !== null) return total;
  if (check.name === 'sustained-rate') {
    const held =
      sustainedRate === null
        ? 'no rate held every limit'
        : `only ${formatAskedRate(sustainedRate)} broadcasts/s held every limit`;
    return `${held} (${formatRate(requiredRate)} is asked for, and ${formatRate(ceiling?.rate ?? null)} broke)`;
  }
  const limit = formatLimit(check.name as ThresholdName, check.threshold);
  return `delivery latency ${check.name} was ${formatQuantity(check.observed, check.unit)} ${check.detail ?? ''} (limit ${limit})`;
}

/** @param alone whether no other check failed or is in doubt */
function doubted(check: Check, alone: boolean): string {
  if (check.name === 'healthy-rig') {
    return `the measurement cannot be trusted: ${check.detail ?? 'the rig was not healthy'}`;
  }
  if (check.name === 'completed') return `the run was cut short: ${check.detail ?? 'nothing was measured'}`;
  const rest = alone ? 'every other check held, but ' : '';
  return `${rest}${check.title.toLowerCase()} cannot be judged, ${check.detail ?? 'it was not seen'}`;
}
