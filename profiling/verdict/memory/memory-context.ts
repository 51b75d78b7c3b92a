/** What every check and finding of a memory run needs to see. */

import type { MemoryAnalysis } from '../../analysis/memory/memory-analysis.ts';
import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { MemoryRecord } from '../../record/memory-record.ts';
import type { LoadContext } from '../checks/load-context.ts';
import { formatList } from '../quantities.ts';
import { type Limits, limitsOf } from '../thresholds.ts';
import { validityOf } from '../validity.ts';
import type { ValidityCode, ValidityProblem } from '../verdict.ts';
import type { CycleValidity } from './memory-verdict.ts';

export interface MemoryContext {
  readonly record: MemoryRecord;
  readonly analysis: MemoryAnalysis;
  readonly limits: Limits;
  readonly validity: readonly CycleValidity[];
}

/**
 * Reasons not to trust counts and sizes. The others (a late worker, a full machine) bend latencies, which this
 * scenario does not judge: an entry that stays in a set is there on a busy machine, too.
 */
const DOUBTS_COUNTS: ReadonlySet<ValidityCode> = new Set([
  'delivered-above-expected',
  'ledger-does-not-add-up',
  'load-side-limit',
  'identical-ceilings',
  'counters-disagree',
  'window-cut-short',
  'nothing-measured',
]);

export function contextOf(record: MemoryRecord, analysis: MemoryAnalysis): MemoryContext {
  return {
    record,
    analysis,
    limits: limitsOf(record.thresholds),
    validity: analysis.cycles.map(({ label, tier }) => ({ label, problems: validityOf(tier, record) })),
  };
}

/** The problems that make the counts doubtful. */
export function doubtsOf({ problems }: CycleValidity): readonly ValidityProblem[] {
  return problems.filter(({ code }) => DOUBTS_COUNTS.has(code));
}

/** What concerns the load as a whole. */
export function loadOf({ record, limits, analysis }: MemoryContext): LoadContext {
  const labelOf = (tier: TierAnalysis) =>
    analysis.cycles.find((cycle) => cycle.tier === tier)?.label ?? 'a cycle';
  return {
    record,
    limits,
    tiers: analysis.cycles.map(({ tier }) => tier),
    placesOf: (tiers) =>
      tiers.length > 1 && tiers.length === analysis.cycles.length
        ? `in all ${tiers.length} cycles`
        : `in ${formatList(tiers.map(labelOf))}`,
  };
}
