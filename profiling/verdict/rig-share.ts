/** Whether the rig itself can be why a limit was broken. */

import type { TierAnalysis } from '../analysis/tier-analysis.ts';
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

/**
 * Whether a breach is the server's doing. In an unsteady window the better half must break the limit by itself.
 *
 * @param seen what broke its limit in this tier
 */
export function isTrustedBreach(tier: TierAnalysis, seen: Breach, limits: Limits): boolean {
  const { name, problems } = seen;
  const unsteady = problems.some((problem) => problem.code === 'not-steady');
  const value = isPercentile(name) && unsteady ? betterHalf(name, tier) : seen.value;
  return value !== null && !rigExplains({ name, value, problems }, limits);
}

/** The problems that make figures doubtful even where every limit holds: the work of others only makes things worse. */
export function doubtsAmong(problems: readonly ValidityProblem[]): readonly ValidityProblem[] {
  return problems.filter((problem) => problem.code !== 'other-load');
}

type Percentile = 'p50' | 'p95' | 'p99';

function isPercentile(name: TierThreshold): name is Percentile {
  return LATENCIES.has(name);
}

function betterHalf(name: Percentile, tier: TierAnalysis): number | null {
  const figure = ({ p50: 'p50Ms', p95: 'p95Ms', p99: 'p99Ms' } as const)[name];
  const { firstHalf, secondHalf } = tier.steadiness;
  const [first, second] = [firstHalf[figure], secondHalf[figure]];
  return first === null || second === null ? null : Math.min(first, second);
}
