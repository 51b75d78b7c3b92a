/** The verdict as one sentence that a stranger understands. */

import { tiersOf } from '../../analysis/overhead/overhead-analysis.ts';
import { totalBroken } from '../checks/total-sentence.ts';
import { formatMs, formatPercent } from '../quantities.ts';
import { formatLimit } from '../thresholds.ts';
import type { Check, VerdictWord } from '../verdict.ts';
import { intervalText } from './interval-check.ts';
import { judgedComparison, type OverheadContext } from './overhead-context.ts';

const MORE = { fail: 'failed', inconclusive: 'in doubt' } as const;

/** @param deciding the checks that made the verdict; the first one is told, the others are counted */
export function verdictSentence(
  verdict: VerdictWord,
  deciding: readonly Check[],
  context: OverheadContext,
): string {
  if (verdict === 'pass') return `Pass: ${passed(context)}, and every message arrived once and in order.`;
  const [first] = deciding;
  if (first === undefined) return 'Inconclusive: nothing was measured.';
  const others = deciding.length - 1;
  const more = others < 1 ? '' : `; ${others} more ${others === 1 ? 'check' : 'checks'} ${MORE[verdict]}`;
  const said = verdict === 'fail' ? failed(first, context) : doubted(first, context);
  return `${verdict === 'fail' ? 'Fail' : 'Inconclusive'}: ${said}${more}.`;
}

function passed(context: OverheadContext): string {
  const latency = latencyText(context);
  return latency === null ? costText(context) : `${costText(context)}, ${latency}`;
}

/** Null where it is not known. */
function latencyText(context: OverheadContext): string | null {
  const added = judgedComparison(context)?.latency.p99.difference ?? null;
  if (added === null) return null;
  const name = 'instrumentation-latency';
  const brackets = `(${intervalText(name, added)}; limit ${formatLimit(name, context.limits[name])})`;
  return `${formatMs(added.mean)} is added to the p99 of deliveries ${brackets}`;
}

function costText(context: OverheadContext): string {
  const comparison = judgedComparison(context);
  const cost = comparison?.cost ?? null;
  if (comparison === undefined || cost === null) return 'what instrumentation costs is not known';
  const limit = formatLimit('instrumentation-cost', context.limits['instrumentation-cost']);
  const interval = intervalText('instrumentation-cost', cost);
  return cost.mean > 0
    ? `instrumentation takes ${formatPercent(cost.mean)} of the server's throughput (${interval}; limit ${limit})`
    : `no cost of instrumentation can be seen (${formatPercent(cost.mean)} of throughput, ${interval}; limit ${limit})`;
}

function failed(check: Check, context: OverheadContext): string {
  const text = check.name === 'instrumentation-latency' ? latencyText(context) : costText(context);
  return totalBroken(check, tiersOf(context.analysis.turns)) ?? text ?? check.title;
}

function doubted(check: Check, context: OverheadContext): string {
  switch (check.name) {
    case 'completed':
      return `the run was cut short: ${check.detail ?? 'nothing was measured'}`;
    case 'healthy-rig':
      return `the measurement cannot be trusted: ${check.detail ?? 'the rig was not healthy'}`;
    case 'instrumentation-cost':
      return check.observed === null
        ? `too little was measured to compare: ${check.detail ?? ''}`
        : `${costText(context)}; ${check.detail?.split('; ')[1] ?? ''}`;
    case 'instrumentation-latency':
      return check.observed === null
        ? `too little was measured to compare latencies: ${check.detail ?? ''}`
        : `${latencyText(context)}; ${check.detail?.split('; ')[1] ?? ''}`;
    default:
      return `${check.title.toLowerCase()} cannot be judged, ${check.detail ?? 'it was not seen'}`;
  }
}
