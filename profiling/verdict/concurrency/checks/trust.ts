/** Whether the run as a whole can be trusted: it ended by itself, and its rig was healthy. */

import type { TierAnalysis } from '../../../analysis/tier-analysis.ts';
import { completedCheck } from '../../checks/completed.ts';
import { formatConnections, formatCount, formatList } from '../../quantities.ts';
import type { Check } from '../../verdict.ts';
import { doubtsAt, type JudgingContext } from './judging-context.ts';

/** Fails nothing; makes a run inconclusive. */
export function trustChecks(context: JudgingContext): readonly Check[] {
  const { record, analysis } = context;
  return [healthyRig(context), completedCheck(record.outcome, analysis.tiers.length > 0)];
}

function healthyRig(context: JudgingContext): Check {
  const { range } = context;
  const judged = range.standIn === null ? range.tiers : [...range.tiers, range.standIn];
  const sick = judged.filter((tier) => doubtsAt(context, tier.connections).length > 0);
  const base = {
    name: 'healthy-rig',
    title: 'Tiers measured on an unhealthy rig',
    threshold: 0,
    observed: sick.length,
    unit: 'count',
  } as const;
  const [first] = sick;
  if (first === undefined) return { ...base, verdict: 'pass' };
  return {
    ...base,
    verdict: 'inconclusive',
    tier: first.connections,
    detail: `at ${formatConnections(first.connections)} ${doubtsAt(context, first.connections)[0]?.sentence ?? ''}${others(sick.slice(1))}`,
  };
}

function others(tiers: readonly TierAnalysis[]): string {
  if (tiers.length === 0) return '';
  return `; ${formatList(tiers.map((tier) => formatCount(tier.connections)))} also in doubt`;
}
