/** Latency and CPU: they define the knee, and are judged up to min(1,000, largest tier). */

import type { TierAnalysis } from '../../../analysis/tier-analysis.ts';
import { formatConnections, formatCount, formatMs, formatQuantity } from '../../quantities.ts';
import { isTrustedBreach, largeFloor } from '../../rig-share.ts';
import { holds, MIN_CONNECTIONS_FOR_COSTS, THRESHOLDS } from '../../thresholds.ts';
import { figureOf } from '../../tier-figures.ts';
import type { Check } from '../../verdict.ts';
import { type JudgingContext, problemsAt } from './judging-context.ts';

export const TIER_COST_CHECKS = ['p50', 'p95', 'p99', 'cpu-per-1000'] as const;
type CostName = (typeof TIER_COST_CHECKS)[number];

interface Observation {
  readonly tier: TierAnalysis;
  readonly value: number;
}

export function tierCostChecks(context: JudgingContext): readonly Check[] {
  return TIER_COST_CHECKS.map((name) => costCheck(name, context));
}

function costCheck(name: CostName, context: JudgingContext): Check {
  const { range, limits } = context;
  const breaks = (seen: Observation): boolean => !holds(name, seen.value, limits);
  const within = observe(name, range.tiers);
  const standIn = observe(name, range.standIn === null ? [] : [range.standIn]);
  const trusted = worst(within.filter((seen) => breaks(seen) && isTrusted(name, seen, context)));
  if (trusted !== null) return built(name, context, { verdict: 'fail', seen: trusted });
  const doubtful = worst(within.filter(breaks));
  if (doubtful !== null) {
    return built(name, context, {
      verdict: 'inconclusive',
      seen: doubtful,
      detail: `over the limit at ${formatConnections(doubtful.tier.connections)}, but the rig itself may be why: ${doubtOf(name, doubtful.tier, context)}`,
    });
  }
  const above = worst(standIn.filter(breaks));
  if (above !== null) {
    return built(name, context, {
      verdict: 'inconclusive',
      seen: above,
      detail: `over the limit at ${formatConnections(above.tier.connections)}; ${formatCount(range.upTo)} was not measured: add that tier`,
    });
  }
  return held(name, context, worst([...within, ...standIn]));
}

function held(name: CostName, context: JudgingContext, seen: Observation | null): Check {
  if (seen === null) return unseen(name, context);
  const later = observe(name, context.range.beyond).find(
    (other) => !holds(name, other.value, context.limits),
  );
  const detail =
    later === undefined
      ? undefined
      : `breaks at ${formatConnections(later.tier.connections)} (${formatQuantity(later.value, THRESHOLDS[name].unit)}), above the judged range`;
  return built(name, context, { verdict: 'pass', seen, ...(detail === undefined ? {} : { detail }) });
}

/** Nothing to judge: the tiers are too small or too short, or the target shows no such figure. */
function unseen(name: CostName, context: JudgingContext): Check {
  if (name !== 'cpu-per-1000') {
    return built(name, context, { verdict: 'n/a', seen: null, detail: 'too few samples in every tier' });
  }
  const { tiers, standIn } = context.range;
  const large = [...tiers, ...(standIn === null ? [] : [standIn])].some(
    (tier) => tier.connections >= MIN_CONNECTIONS_FOR_COSTS,
  );
  return large
    ? built(name, context, { verdict: 'inconclusive', seen: null, detail: 'the target shows no CPU time' })
    : built(name, context, {
        verdict: 'n/a',
        seen: null,
        detail: `needs a tier of ${MIN_CONNECTIONS_FOR_COSTS} connections or more`,
      });
}

function isTrusted(name: CostName, { tier, value }: Observation, context: JudgingContext): boolean {
  const problems = problemsAt(context, tier.connections);
  return isTrustedBreach(tier, { name, value, problems }, context.limits);
}

function doubtOf(name: CostName, tier: TierAnalysis, context: JudgingContext): string {
  const floorMs = largeFloor(tier, name, context.limits);
  const [problem] = problemsAt(context, tier.connections);
  if (problem !== undefined || floorMs === null) return problem?.sentence ?? '';
  return `the simplest server already shows ${formatMs(floorMs)} here (npm run calibrate)`;
}

function observe(name: CostName, tiers: readonly TierAnalysis[]): readonly Observation[] {
  return tiers.flatMap((tier) => {
    const value = figureOf(name, tier);
    return value === null ? [] : [{ tier, value }];
  });
}

function worst(observations: readonly Observation[]): Observation | null {
  return observations.reduce<Observation | null>(
    (found, seen) => (found === null || seen.value > found.value ? seen : found),
    null,
  );
}

function built(
  name: CostName,
  { limits }: JudgingContext,
  found: { verdict: Check['verdict']; seen: Observation | null; detail?: string },
): Check {
  return {
    name,
    title: THRESHOLDS[name].title,
    threshold: limits[name],
    observed: found.seen?.value ?? null,
    unit: THRESHOLDS[name].unit,
    verdict: found.verdict,
    ...(found.seen === null ? {} : { tier: found.seen.tier.connections }),
    ...(found.detail === undefined ? {} : { detail: found.detail }),
  };
}
