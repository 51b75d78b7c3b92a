/** What a broadcast run is found to be: the shape that `judgeBroadcast` gives. */

import type { StepJudgement } from '../../record/sustained-rate.ts';
import type { TierThreshold } from '../tier-figures.ts';
import type { Limit, ValidityProblem, Verdict } from '../verdict.ts';
import type { SlowReaderComparison } from './slow-reader-comparison.ts';

export interface LoadValidity {
  /** What the load is called: `100/s`, `closed`. */
  readonly label: string;
  readonly problems: readonly ValidityProblem[];
}

export interface StepVerdict {
  readonly label: string;
  readonly rate: number;
  readonly judgement: StepJudgement;
  /** Names of the limits that this step does not hold. */
  readonly broken: readonly TierThreshold[];
  readonly limit: Limit;
}

export interface BroadcastVerdict extends Verdict {
  /** One for each load, in the order they were run. */
  readonly validity: readonly LoadValidity[];
  /** One for each step of the search. */
  readonly steps: readonly StepVerdict[];
  /** Highest rate that held every limit, all lower ones holding too; null when none did. */
  readonly sustainedRate: number | null;
  /** The verdict hangs on rates up to this one. */
  readonly requiredRate: number;
  /** Place among the steps of the one that latency is judged by; null when none was measured. */
  readonly judgedStep: number | null;
  /** Null when the comparison was not made. */
  readonly slowReaders: SlowReaderComparison | null;
}
