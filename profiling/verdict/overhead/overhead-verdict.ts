/** What an overhead run is found to be. */

import type { LatencyComparison } from '../../analysis/overhead/latency-comparison.ts';
import type { RoundRatio } from '../../analysis/overhead/overhead-analysis.ts';
import type { RatioEstimate } from '../../analysis/overhead/paired-ratio.ts';
import type { ArmName } from '../../record/overhead-record.ts';
import type { ValidityProblem, Verdict } from '../verdict.ts';

/** A turn that cannot be compared, and why. */
export interface SpoiltTurn {
  readonly round: number;
  readonly arm: ArmName;
  readonly problems: readonly ValidityProblem[];
}

/** One way to run the server beside another. */
export interface ArmComparison {
  readonly arm: ArmName;
  readonly comparedWith: ArmName;
  /** Rounds that count. */
  readonly rounds: readonly RoundRatio[];
  /** Deliveries per CPU second ÷ those of the other; null of fewer than two rounds. */
  readonly estimate: RatioEstimate | null;
  /** 1 − ratio: the share of throughput that it takes, and the ends of its 95 % interval. */
  readonly cost: Interval | null;
  /** Over the rounds in which latency can be compared too. */
  readonly latency: LatencyComparison;
}

/** A mean, and the ends of its 95 % interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface OverheadVerdict extends Verdict {
  readonly comparisons: readonly ArmComparison[];
  readonly spoilt: readonly SpoiltTurn[];
  /** Turns whose CPU time can be compared, and whose latency cannot. */
  readonly untimed: readonly SpoiltTurn[];
}
