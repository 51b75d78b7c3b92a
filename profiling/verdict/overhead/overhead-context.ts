/** What checks, sentence and findings of an overhead run need to see. */

import { type OverheadAnalysis, tiersOf } from '../../analysis/overhead/overhead-analysis.ts';
import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { OverheadRecord } from '../../record/overhead-record.ts';
import type { LoadContext } from '../checks/load-context.ts';
import { formatList } from '../quantities.ts';
import type { Limits } from '../thresholds.ts';
import { JUDGED } from './comparisons.ts';
import type { ArmComparison, SpoiltTurn } from './overhead-verdict.ts';

export interface OverheadContext {
  readonly record: OverheadRecord;
  readonly analysis: OverheadAnalysis;
  readonly limits: Limits;
  readonly spoilt: readonly SpoiltTurn[];
  readonly untimed: readonly SpoiltTurn[];
  readonly comparisons: readonly ArmComparison[];
}

/** Of the server as it comes; undefined where the record has none. */
export function judgedComparison({ comparisons }: OverheadContext): ArmComparison | undefined {
  return comparisons.find(({ arm }) => arm === JUDGED);
}

/** The run's load as the shared checks see it. */
export function loadOf({ record, analysis, limits }: OverheadContext): LoadContext {
  const { turns } = analysis;
  const placesOf = (tiers: readonly TierAnalysis[]) => {
    const arms = new Set(turns.filter(({ tier }) => tiers.includes(tier)).map(({ arm }) => arm));
    return `with ${formatList([...arms])}`;
  };
  return { record, limits, tiers: tiersOf(turns), placesOf };
}
