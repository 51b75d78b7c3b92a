/** Checks that add up over a whole run: connections, errors and the delivery ledger. */

import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import { INTEGRITY_CHECKS } from '../decision.ts';
import { mergeFailures } from '../load-side-limits.ts';
import { formatPercent, formatReasons } from '../quantities.ts';
import { holds, THRESHOLDS } from '../thresholds.ts';
import { figureOf, ownFigureOf, type TierThreshold } from '../tier-figures.ts';
import type { Check, VerdictWord } from '../verdict.ts';
import type { LoadContext } from './load-context.ts';

/** The counts that a run is judged by, over everything it did. */
export const TOTAL_CHECKS = ['not-connected', 'errors', ...INTEGRITY_CHECKS] as const;
type TotalName = (typeof TOTAL_CHECKS)[number];

/** Every total against its limit, over all tiers, sick ones too. */
export function totalChecks(context: LoadContext): readonly Check[] {
  return TOTAL_CHECKS.map((name) => totalCheck(name, context));
}

function totalCheck(name: TotalName, context: LoadContext): Check {
  const { tiers } = context;
  const observed = total(tiers, (tier) => figureOf(name, tier) ?? 0);
  const own = total(tiers, (tier) => ownFigureOf(name, tier));
  const detail = observed === 0 ? undefined : detailOf(name, context);
  return {
    name,
    title: THRESHOLDS[name].title,
    threshold: context.limits[name],
    observed: tiers.length === 0 ? null : observed,
    unit: 'count',
    verdict: tiers.length === 0 ? 'n/a' : judge(name, { observed, own }, context),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** What the load side brought on itself says nothing about the target. */
function judge(
  name: TotalName,
  { observed, own }: { readonly observed: number; readonly own: number },
  { limits }: LoadContext,
): VerdictWord {
  if (holds(name, observed, limits)) return 'pass';
  return holds(name, observed - own, limits) ? 'inconclusive' : 'fail';
}

function detailOf(name: TotalName, { tiers, placesOf }: LoadContext): string {
  const guilty = tiers.filter((tier) => (figureOf(name, tier) ?? 0) > 0);
  const share = formatPercent(
    total(guilty, (tier) => figureOf(name, tier) ?? 0) /
      Math.max(
        1,
        total(guilty, (tier) => whole(name, tier)),
      ),
  );
  const reasons = formatReasons(mergeFailures(guilty.flatMap((tier) => reasonsOf(name, tier))));
  return `${share} ${placesOf(guilty)}${reasons === '' ? '' : `: ${reasons}`}`;
}

/** What the share is a share of. */
function whole(name: TotalName, tier: TierAnalysis): number {
  if (name === 'not-connected') return tier.attempted;
  return name === 'errors' ? tier.attempted + tier.published.sent : tier.ledger.expected;
}

function reasonsOf(name: TierThreshold, tier: TierAnalysis) {
  if (name === 'not-connected') return tier.failures.connect;
  if (name !== 'errors') return [];
  const { subscribe, publish, disconnects } = tier.failures;
  const corrupt = tier.ledger.corrupt === 0 ? [] : [{ reason: 'unreadable', count: tier.ledger.corrupt }];
  return [...subscribe, ...publish, ...disconnects, ...corrupt];
}

function total(tiers: readonly TierAnalysis[], figure: (tier: TierAnalysis) => number): number {
  return tiers.reduce((sum, tier) => sum + figure(tier), 0);
}
