/** Whether the rig itself can be why a limit was broken. */

import { holds, type Limits } from './thresholds.ts';
import type { TierThreshold } from './tier-figures.ts';
import type { ValidityCode, ValidityProblem } from './verdict.ts';

/** Problems of the rig that bend the server's own CPU figure; the others leave it alone. */
const BENDS_CPU: ReadonlySet<ValidityCode> = new Set([
  'machine-cpu',
  'rate-not-achieved',
  'counters-disagree',
  'window-cut-short',
]);
const LATENCIES: ReadonlySet<TierThreshold> = new Set(['p50', 'p95', 'p99']);

/** A value over its limit, seen in a tier with these problems. */
export interface Breach {
  readonly name: TierThreshold;
  readonly value: number;
  readonly problems: readonly ValidityProblem[];
}

/**
 * A breach of latency is the server's where it is larger than what the rig can have added. What is lost, doubled,
 * out of order or refused is never the rig's: its own failures are counted apart.
 */
export function rigExplains({ name, value, problems }: Breach, limits: Limits): boolean {
  if (name === 'cpu-per-1000') return problems.some((problem) => BENDS_CPU.has(problem.code));
  if (!LATENCIES.has(name)) return false;
  const couldAddMs = Math.max(0, ...problems.map((problem) => problem.couldAddMs));
  const couldStretch = Math.max(1, ...problems.map((problem) => problem.couldStretch ?? 1));
  return holds(name, value / couldStretch - couldAddMs, limits);
}
