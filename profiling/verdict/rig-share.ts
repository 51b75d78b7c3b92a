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
/** Where the calibrated floor takes more of a limit than this, what breaks it may be mostly the rig's. */
const LARGE_FLOOR_RATIO = 0.5;

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
  if (value === null) return false;
  return !rigExplains({ name, value: value - (largeFloor(tier, name, limits) ?? 0), problems }, limits);
}

/**
 * What the simplest server would show on this rig at this fan-out, where that is most of the limit.
 *
 * @returns ms; null where the floor is small or was not calibrated
 */
export function largeFloor(tier: TierAnalysis, name: TierThreshold, limits: Limits): number | null {
  // None is calibrated for p95.
  if (name !== 'p50' && name !== 'p99') return null;
  const floorMs = (name === 'p50' ? tier.floor?.p50Ms : tier.floor?.p99Ms) ?? 0;
  return floorMs > LARGE_FLOOR_RATIO * limits[name] ? floorMs : null;
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
