/** What the numbers of an overhead run mean: the shape that `analyseOverhead` gives and that verdict and report read. */

import type { ArmName, OverheadArm } from '../../record/overhead-record.ts';
import type { TierAnalysis } from '../tier-analysis.ts';

/** One turn of one server. */
export interface TurnAnalysis {
  /** From 1. */
  readonly round: number;
  readonly arm: ArmName;
  readonly tier: TierAnalysis;
  /** What is compared; null where the server's CPU time could not be read, or nothing was delivered. */
  readonly deliveriesPerCpuSecond: number | null;
}

export interface OverheadAnalysis {
  readonly arms: readonly OverheadArm[];
  /** In the order they were run. */
  readonly turns: readonly TurnAnalysis[];
}

/** One round of two servers. */
export interface RoundRatio {
  readonly round: number;
  /** Deliveries per CPU second of the arm ÷ of the server without instrumentation. */
  readonly ratio: number;
}
