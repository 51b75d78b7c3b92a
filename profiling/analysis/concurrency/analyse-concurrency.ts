/** From what was recorded to what it means; no thresholds here, and no judgement. */

import type { ConcurrencyRecord } from '../../record/concurrency-record.ts';
import { analyseTier } from '../analyse-tier.ts';
import { fitLine } from '../least-squares.ts';
import type { LineFit } from '../line-fit.ts';
import type { TierAnalysis } from '../tier-analysis.ts';
import type { ConcurrencyAnalysis } from './concurrency-analysis.ts';
import { memorySlopes } from './memory-slopes.ts';
import { fitScalability } from './scalability-law.ts';

/** A tier that delivered less than this share of its load cannot say what that load costs. */
const MIN_DELIVERED_RATIO = 0.95;

/**
 * Computes every figure that verdict and report need.
 *
 * @throws TouchlineError `TL_RECORD_INVALID` when a histogram in the record cannot be decoded
 */
export function analyseConcurrency(record: ConcurrencyRecord): ConcurrencyAnalysis {
  const tiers = [...record.tiers]
    .sort((a, b) => a.connections - b.connections)
    .map((tier) => analyseTier(tier, record));
  const rates = tiers.map((tier) => tier.broadcasts.requestedPerSecond);
  const broadcastsPerSecond = { min: Math.min(...rates, Infinity), max: Math.max(...rates, 0) };
  return {
    tiers,
    memory: memorySlopes(record),
    cpu: cpuSlope(tiers, record.idle.cpuCores),
    scalability: fitScalability(tiers.flatMap(capacityPoint), broadcastsPerSecond.max),
    broadcastsPerSecond: tiers.length === 0 ? { min: 0, max: 0 } : broadcastsPerSecond,
  };
}

function capacityPoint(tier: TierAnalysis) {
  const cpuCores = tier.server.cpuAboveIdleCores;
  if (cpuCores === null || (tier.deliveries.ratio ?? 0) < MIN_DELIVERED_RATIO) return [];
  return [
    {
      connections: tier.connected,
      deliveriesPerSecond: tier.deliveries.achievedPerSecond,
      cpuCores,
    },
  ];
}

function cpuSlope(tiers: readonly TierAnalysis[], idleCores: number | null): LineFit | null {
  const idle = idleCores === null ? [] : [{ x: 0, y: idleCores }];
  const points = tiers.flatMap(({ connected, server }) =>
    server.cpuCores === null ? [] : [{ x: connected, y: server.cpuCores }],
  );
  return fitLine([...idle, ...points]);
}
