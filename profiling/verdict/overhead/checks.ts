/** Whether instrumentation costs more than it may, and whether the comparison can be trusted. */

import { tiersOf } from '../../analysis/overhead/overhead-analysis.ts';
import { pairsToSettle } from '../../analysis/overhead/paired-ratio.ts';
import { formatCount, formatPercent } from '../quantities.ts';
import { holds, THRESHOLDS } from '../thresholds.ts';
import { validityOf } from '../validity.ts';
import type { Check, ValidityCode, VerdictWord } from '../verdict.ts';
import { BARE, JUDGED } from './comparisons.ts';
import { judgedComparison, type OverheadContext } from './overhead-context.ts';
import type { ArmComparison } from './overhead-verdict.ts';

/** Fewer pairs than this are an anecdote, however well they agree. */
const LEAST_ROUNDS = 4;
/** Of the rounds that were run; with fewer left, what was left out is most of the story. */
const LEAST_SHARE = 0.5;

/** Books that disagree make the count of deliveries itself doubtful. */
const DOUBTS_COUNT: ReadonlySet<ValidityCode> = new Set([
  'counters-disagree',
  'ledger-does-not-add-up',
  'delivered-above-expected',
]);

/** The whole interval must lie on one side of the limit. */
export function costCheck(context: OverheadContext): Check {
  const { limits } = context;
  const comparison = judgedComparison(context);
  const cost = comparison?.cost ?? null;
  const base = {
    name: 'instrumentation-cost',
    title: THRESHOLDS['instrumentation-cost'].title,
    threshold: limits['instrumentation-cost'],
    unit: 'ratio',
  } as const;
  if (comparison === undefined || cost === null || comparison.rounds.length < LEAST_ROUNDS) {
    const seen = comparison?.rounds.length ?? 0;
    return {
      ...base,
      observed: null,
      verdict: 'inconclusive',
      detail: `${formatRounds(seen)} can be compared, ${LEAST_ROUNDS} are needed`,
    };
  }
  const verdict = sideOf(cost, context);
  return { ...base, observed: cost.mean, verdict, detail: detailOf(comparison, verdict, context) };
}

function formatRounds(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'round' : 'rounds'}`;
}

function sideOf(cost: NonNullable<ArmComparison['cost']>, { limits }: OverheadContext): VerdictWord {
  if (holds('instrumentation-cost', cost.high, limits)) return 'pass';
  return holds('instrumentation-cost', cost.low, limits) ? 'inconclusive' : 'fail';
}

function detailOf(
  { cost, estimate, rounds }: ArmComparison,
  verdict: VerdictWord,
  { limits }: OverheadContext,
): string {
  const interval = `95 % CI ${formatPercent(cost?.low ?? null)} to ${formatPercent(cost?.high ?? null)}, ${formatRounds(rounds.length)}`;
  if (verdict !== 'inconclusive' || estimate === null) return interval;
  const needed = pairsToSettle(estimate, 1 - limits['instrumentation-cost']);
  const settle =
    needed === null
      ? 'too near the limit for more rounds to settle it'
      : `about ${formatRounds(needed)} on a machine as busy as this would settle it (--rounds ${needed})`;
  return `${interval}; the limit lies inside: ${settle}`;
}

/** Rounds left out are no harm while enough remain; books that disagree are. */
export function healthyRigCheck(context: OverheadContext): Check {
  const { analysis, record, spoilt } = context;
  const rounds = new Set(analysis.turns.map(({ round }) => round)).size;
  const compared = judgedComparison(context)?.rounds.length ?? 0;
  const left = spoilt.filter(({ arm }) => arm === BARE || arm === JUDGED);
  const doubt = tiersOf(analysis.turns)
    .flatMap((tier) => validityOf(tier, record))
    .find(({ code }) => DOUBTS_COUNT.has(code));
  const observed = new Set(left.map(({ round }) => round)).size;
  const base = {
    name: 'healthy-rig',
    title: 'Rounds left out for an unhealthy rig',
    threshold: 0,
    observed,
    unit: 'count',
  } as const;
  if (doubt !== undefined) return { ...base, verdict: 'inconclusive', detail: doubt.sentence };
  const why = left[0]?.problems[0]?.sentence;
  if (why === undefined) return { ...base, verdict: 'pass' };
  const isEnough = compared >= Math.max(LEAST_ROUNDS, LEAST_SHARE * rounds);
  return {
    ...base,
    verdict: isEnough ? 'pass' : 'inconclusive',
    detail: `${formatCount(observed)} of ${formatRounds(rounds)} left out; first because ${why}`,
  };
}
