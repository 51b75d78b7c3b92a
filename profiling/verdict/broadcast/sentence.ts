/** The verdict as one sentence that a stranger understands. */

import { totalBroken } from '../checks/total-sentence.ts';
import type { Decision } from '../decision.ts';
import {
  formatAskedRate,
  formatCores,
  formatCount,
  formatMs,
  formatQuantity,
  formatRate,
} from '../quantities.ts';
import { formatLimit, type ThresholdName } from '../thresholds.ts';
import type { Check } from '../verdict.ts';
import { doubtedLoad, sentenceOf } from '../verdict-sentence.ts';
import type { JudgingContext } from './judging-context.ts';

export function verdictSentence(decision: Decision, context: JudgingContext): string {
  return sentenceOf(decision, {
    passed: () => passed(context),
    failed: (first) => failed(first, context),
    doubted: doubtedLoad,
  });
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
