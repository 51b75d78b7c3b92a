/** What every check and finding of a churn run needs to see. */

import type { ChurnAnalysis, ChurnPart } from '../../analysis/churn/churn-analysis.ts';
import type { Growth } from '../../analysis/lifecycle-growth.ts';
import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { ChurnRecord } from '../../record/churn-record.ts';
import type { LoadContext } from '../checks/load-context.ts';
import { formatList } from '../quantities.ts';
import { type Limits, limitsOf } from '../thresholds.ts';
import type { ValidityCode, ValidityProblem } from '../verdict.ts';
import { partValidity } from './churn-validity.ts';
import type { PartValidity } from './churn-verdict.ts';

export interface ChurnContext {
  readonly record: ChurnRecord;
  readonly analysis: ChurnAnalysis;
  readonly limits: Limits;
  readonly validity: readonly PartValidity[];
  /** What the server kept, the larger of both looks; null where it does not tell. */
  readonly growth: readonly Growth[] | null;
}

/**
 * A late worker or a full machine bends times. Most of what is judged here are counts: an entry that stays in a set
 * is there on a busy machine, too. The times have these problems held against them one by one.
 */
const BENDS_TIMES: ReadonlySet<ValidityCode> = new Set([
  'generator-cpu',
  'machine-cpu',
  'generator-loop',
  'other-load',
]);

export function contextOf(record: ChurnRecord, analysis: ChurnAnalysis): ChurnContext {
  return {
    record,
    analysis,
    limits: limitsOf(record.thresholds),
    validity: analysis.parts.map((part) => partValidity(part, { record, analysis })),
    growth: growthOf(analysis),
  };
}

/** Problems that make the counts doubtful. */
export function countDoubts({ problems }: PartValidity): readonly ValidityProblem[] {
  return problems.filter(({ code }) => !BENDS_TIMES.has(code));
}

/** The first problem that can have stretched a time of seconds; undefined when there is none. */
export function timeDoubt({ validity }: ChurnContext): ValidityProblem | undefined {
  return validity
    .flatMap(({ problems }) => problems)
    .find(({ code }) => code === 'generator-cpu' || code === 'machine-cpu');
}

/** Whether all that was lost is what clients asked for after the storm and were told is gone from the history. */
export function lostToHistory({ analysis: { parts, storm } }: ChurnContext): boolean {
  if (storm === null || storm.results.every(({ reason }) => reason === 'recovered')) return false;
  const lost = parts.reduce((total, { ledger }) => total + ledger.lost, 0);
  return lost > 0 && lost <= storm.missed - storm.givenBack;
}

/** What concerns the load as a whole. */
export function loadOf({ record, limits, analysis }: ChurnContext): LoadContext {
  return { record, limits, tiers: analysis.parts, placesOf };
}

function placesOf(tiers: readonly TierAnalysis[]): string {
  return `in the ${formatList(tiers.filter(isPart).map(({ name }) => name))}`;
}

function isPart(tier: TierAnalysis): tier is ChurnPart {
  return 'name' in tier;
}

/** What was there after the churn and gone after the storm was released late, and counts. */
function growthOf({ kept }: ChurnAnalysis): readonly Growth[] | null {
  const last = kept.at(-1);
  if (last === undefined) return null;
  const earlier = kept.slice(0, -1).flatMap(({ growth }) => growth);
  return last.growth.map((figure) => {
    const before = earlier.find(({ kind, name }) => kind === figure.kind && name === figure.name);
    return before !== undefined && before.excess > figure.excess ? before : figure;
  });
}
