/** Whether instrumentation costs more than it may, and whether the comparison can be trusted. */

import { type OverheadAnalysis, tiersOf } from '../../analysis/overhead/overhead-analysis.ts';
import { pairsToSettle as settleMean } from '../../analysis/overhead/paired-mean.ts';
import { pairsToSettle as settleRatio } from '../../analysis/overhead/paired-ratio.ts';
import { formatCount } from '../quantities.ts';
import { validityOf } from '../validity.ts';
import type { Check, ValidityCode } from '../verdict.ts';
import { BARE, JUDGED } from './comparisons.ts';
import { formatRounds, intervalCheck, LEAST_ROUNDS } from './interval-check.ts';
import { judgedComparison, type OverheadContext } from './overhead-context.ts';
import type { SpoiltTurn } from './overhead-verdict.ts';

/** Of the rounds that were run; with fewer left, what was left out is most of the story. */
const LEAST_SHARE = 0.5;

/** Books that disagree make the count of deliveries itself doubtful. */
const DOUBTS_COUNT: ReadonlySet<ValidityCode> = new Set([
  'counters-disagree',
  'ledger-does-not-add-up',
  'delivered-above-expected',
]);

/** Of the throughput. */
export function costCheck(context: OverheadContext): Check {
  const comparison = judgedComparison(context);
  const estimate = comparison?.estimate ?? null;
  return intervalCheck('instrumentation-cost', context.limits, {
    interval: comparison?.cost ?? null,
    rounds: comparison?.rounds.length ?? 0,
    roundsToSettle: (limit) => (estimate === null ? null : settleRatio(estimate, 1 - limit)),
  });
}

/** Of the p99 of deliveries. Not judged where there are too few of them, nor in runs recorded before they were timed by arm. */
export function latencyCheck(context: OverheadContext): Check {
  const p99 = judgedComparison(context)?.latency.p99;
  const difference = p99?.difference ?? null;
  const check = intervalCheck('instrumentation-latency', context.limits, {
    interval: difference,
    rounds: p99?.rounds.length ?? 0,
    leastRounds: leastRounds(context),
    roundsToSettle: (limit) => (difference === null ? null : settleMean(difference, limit)),
  });
  if (check.observed !== null) return check;
  if (context.analysis.turns.every(({ latency }) => latency === null)) {
    return { ...check, verdict: 'n/a', detail: 'this run kept no latencies by arm' };
  }
  return [...context.spoilt, ...context.untimed].some(isJudged) ? check : { ...check, verdict: 'n/a' };
}

/** Rounds left out are no harm while enough remain; books that disagree are. */
export function healthyRigCheck(context: OverheadContext): Check {
  const { analysis, record, spoilt } = context;
  const rounds = roundsOf(analysis);
  const compared = judgedComparison(context)?.rounds.length ?? 0;
  const left = spoilt.filter(isJudged);
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
  const isEnough = compared >= leastRounds(context);
  return {
    ...base,
    verdict: isEnough ? 'pass' : 'inconclusive',
    detail: `${formatCount(observed)} of ${formatRounds(rounds)} left out; first because ${why}`,
  };
}

function isJudged({ arm }: SpoiltTurn): boolean {
  return arm === BARE || arm === JUDGED;
}

function leastRounds({ analysis }: OverheadContext): number {
  return Math.max(LEAST_ROUNDS, Math.ceil(LEAST_SHARE * roundsOf(analysis)));
}

function roundsOf({ turns }: OverheadAnalysis): number {
  return new Set(turns.map(({ round }) => round)).size;
}
