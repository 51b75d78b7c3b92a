/** What the numbers of an overhead run mean: the shape that `analyseOverhead` gives and that verdict and report read. */

import type { LatencyHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { ArmName, OverheadArm } from '../../record/overhead-record.ts';
import type { TierAnalysis } from '../tier-analysis.ts';

/** What one way to run the server had of a turn. */
export interface TurnAnalysis {
  /** From 1. */
  readonly round: number;
  readonly arm: ArmName;
  /** The whole turn's load; the same object where the server was switched between two arms. */
  readonly tier: TierAnalysis;
  readonly cpuCores: number | null;
  /** What is compared; null where the server's CPU time could not be read, or nothing was delivered. */
  readonly deliveriesPerCpuSecond: number | null;
  /** Response times of what was due inside its slices; null in runs recorded before they were kept. */
  readonly latency: LatencyHistogram | null;
}

export interface OverheadAnalysis {
  readonly arms: readonly OverheadArm[];
  /** In the order they were run. */
  readonly turns: readonly TurnAnalysis[];
}

/** The loads that were run, each once. */
export function tiersOf(turns: readonly TurnAnalysis[]): readonly TierAnalysis[] {
  return [...new Set(turns.map(({ tier }) => tier))];
}

/** One round of two servers. */
export interface RoundRatio {
  readonly round: number;
  /** Deliveries per CPU second of the arm ÷ of the server without instrumentation. */
  readonly ratio: number;
}
