/** What every check needs to see. */

import type { ConcurrencyAnalysis } from '../../../analysis/concurrency/concurrency-analysis.ts';
import type { ConcurrencyRecord } from '../../../record/concurrency-record.ts';
import type { LoadContext } from '../../checks/load-context.ts';
import { formatCount, formatList } from '../../quantities.ts';
import { doubtsAmong } from '../../rig-share.ts';
import type { Limits } from '../../thresholds.ts';
import type { ValidityProblem } from '../../verdict.ts';
import type { TierValidity } from '../concurrency-verdict.ts';
import type { JudgedRange } from '../knee.ts';

export interface JudgingContext {
  readonly record: ConcurrencyRecord;
  readonly analysis: ConcurrencyAnalysis;
  readonly limits: Limits;
  readonly range: JudgedRange;
  readonly validity: readonly TierValidity[];
}

/** The problems that make a tier doubtful even where every limit holds: the work of others only makes things worse. */
export function doubtsAt(context: JudgingContext, connections: number): readonly ValidityProblem[] {
  return doubtsAmong(problemsAt(context, connections));
}

/** The problems of the tier with so many connections. */
export function problemsAt(context: JudgingContext, connections: number): readonly ValidityProblem[] {
  return context.validity.find((tier) => tier.connections === connections)?.problems ?? [];
}

/** What concerns the load as a whole. */
export function loadOf({ record, limits, analysis }: JudgingContext): LoadContext {
  return {
    record,
    limits,
    tiers: analysis.tiers,
    placesOf: (tiers) => `at ${formatList(tiers.map((tier) => formatCount(tier.connections)))} connections`,
  };
}
