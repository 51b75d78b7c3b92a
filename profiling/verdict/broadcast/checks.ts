/** The checks of a broadcast run: its counts, the rate it sustains, its latency there, and its trust. */

import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import { completedCheck } from '../checks/completed.ts';
import { healthyRigCheck } from '../checks/healthy-rig.ts';
import { totalChecks } from '../checks/totals.ts';
import { formatCount, formatRate } from '../quantities.ts';
import { isTrustedBreach } from '../rig-share.ts';
import { holds, THRESHOLDS } from '../thresholds.ts';
import { errorsOf, figureOf } from '../tier-figures.ts';
import type { Check } from '../verdict.ts';
import { doubtsOf, type JudgingContext, loadOf } from './judging-context.ts';

const LATENCIES = ['p50', 'p95', 'p99'] as const;

/**
 * Totals over every load. Errors are counted without the rates of the search that are above what it sustains and what
 * is asked for: an overloaded server that turns work away is where the search ends, and no failure. What it took and
 * then lost, doubled or mixed up always is.
 */
export function countChecks(context: JudgingContext): readonly Check[] {
  const load = loadOf(context);
  const overloads = overloadsOf(context);
  const judged = { ...load, tiers: load.tiers.filter((tier) => !overloads.includes(tier)) };
  const beyond = overloads.reduce((sum, tier) => sum + errorsOf(tier), 0);
  return totalChecks(load).map((check) => {
    if (check.name !== 'errors' || overloads.length === 0) return check;
    const own = totalChecks(judged).find(({ name }) => name === check.name) ?? check;
    if (beyond === 0) return own;
    const note = `${formatCount(beyond)} ${load.placesOf(overloads)}, beyond what is sustained, are not counted`;
    return { ...own, detail: own.detail === undefined ? note : `${own.detail}; ${note}` };
  });
}

function overloadsOf({ steps, sustainedRate, requiredRate }: JudgingContext): readonly TierAnalysis[] {
  const upTo = Math.max(requiredRate, sustainedRate ?? 0);
  return steps.filter(({ rate }) => rate > upTo).map(({ tier }) => tier);
}

export function rateChecks(context: JudgingContext): readonly Check[] {
  return [sustainedRateCheck(context), ...LATENCIES.map((name) => latencyCheck(name, context))];
}

/** Fails nothing; makes a run inconclusive. */
export function trustChecks(context: JudgingContext): readonly Check[] {
  return [healthyRig(context), completedCheck(context.record.outcome, context.steps.length > 0)];
}

function sustainedRateCheck(context: JudgingContext): Check {
  const { sustainedRate, requiredRate } = context;
  return {
    name: 'sustained-rate',
    title: THRESHOLDS['sustained-rate'].title,
    threshold: requiredRate,
    observed: sustainedRate,
    unit: 'per-second',
    ...sustained(context),
  };
}

function sustained({
  sustainedRate,
  requiredRate,
  ceiling,
  steps,
}: JudgingContext): Pick<Check, 'verdict' | 'detail'> {
  if (steps.length === 0) return { verdict: 'n/a', detail: 'no rate was measured' };
  if (sustainedRate !== null && sustainedRate >= requiredRate) return { verdict: 'pass' };
  if (ceiling === null || ceiling.rate > requiredRate) {
    return {
      verdict: 'inconclusive',
      detail: `${formatRate(requiredRate)} was not measured: add it to --rates`,
    };
  }
  const at = `at ${formatRate(ceiling.rate)}`;
  if (ceiling.judgement === 'doubtful') {
    const why = steps.filter(({ rate }) => rate === ceiling.rate).at(-1)?.problems[0]?.sentence;
    return {
      verdict: 'inconclusive',
      detail: `${at} the rig was the limit: ${why ?? 'the measurement was cut short'}`,
    };
  }
  return { verdict: 'fail', detail: `${at} limits broke` };
}

function latencyCheck(name: (typeof LATENCIES)[number], { judged, limits }: JudgingContext): Check {
  const base = { name, title: THRESHOLDS[name].title, threshold: limits[name], unit: 'ms' } as const;
  const observed = judged === null ? null : figureOf(name, judged.tier);
  if (judged === null || observed === null) {
    return { ...base, observed: null, verdict: 'n/a', detail: 'too few samples' };
  }
  const at = `at ${judged.label}`;
  if (holds(name, observed, limits)) return { ...base, observed, verdict: 'pass', detail: at };
  const { problems } = judged;
  return isTrustedBreach(judged.tier, { name, value: observed, problems }, limits)
    ? { ...base, observed, verdict: 'fail', detail: at }
    : {
        ...base,
        observed,
        verdict: 'inconclusive',
        detail: `over the limit ${at}, but the rig itself may be why: ${problems[0]?.sentence ?? ''}`,
      };
}

function healthyRig(context: JudgingContext): Check {
  const measured = context.loads.map((load) => ({ label: load.label, problems: doubtsOf(context, load) }));
  return healthyRigCheck('Loads measured on an unhealthy rig', measured);
}
