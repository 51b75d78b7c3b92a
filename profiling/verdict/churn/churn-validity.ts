/** When the figures of a churn or a storm must not be trusted. */

import type { ChurnAnalysis, ChurnPart } from '../../analysis/churn/churn-analysis.ts';
import type { ChurnRecord } from '../../record/churn-record.ts';
import { formatMs, formatPercent } from '../quantities.ts';
import { validityOf } from '../validity.ts';
import type { ValidityProblem } from '../verdict.ts';
import type { PartValidity } from './churn-verdict.ts';

const MIN_ACHIEVED_RATIO = 0.95;

interface Run {
  readonly record: ChurnRecord;
  readonly analysis: ChurnAnalysis;
}

export function partValidity(part: ChurnPart, { record, analysis }: Run): PartValidity {
  // Delivery latency is not measured here, so there are no samples to miss.
  const shared = validityOf(part, record).filter(({ code }) => code !== 'nothing-measured');
  const own = part.name === 'churn' ? connectsTooSlow(analysis) : [];
  return { name: part.name, problems: [...own, ...shared] };
}

/** Connects that were made late are the generator's; those that were made and failed are the server's. */
function connectsTooSlow({ visits }: ChurnAnalysis): readonly ValidityProblem[] {
  const ratio = visits?.attemptedInTimeRatio ?? null;
  if (visits === null || ratio === null || ratio >= MIN_ACHIEVED_RATIO) return [];
  const lagMs = visits.scheduleLag.p99Ms ?? visits.scheduleLag.maxMs;
  return [
    {
      code: 'rate-not-achieved',
      sentence: `the generator made ${formatPercent(ratio)} of its connects in time and ran ${formatMs(lagMs)} behind its schedule`,
      couldAddMs: Number.POSITIVE_INFINITY,
    },
  ];
}
