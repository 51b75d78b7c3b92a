/** What a churn run is found to be: the shape that `judgeChurn` gives. */

import type { Growth } from '../../analysis/lifecycle-growth.ts';
import type { ValidityProblem, Verdict } from '../verdict.ts';

export interface PartValidity {
  readonly name: 'churn' | 'storm';
  readonly problems: readonly ValidityProblem[];
}

export interface ChurnVerdict extends Verdict {
  readonly validity: readonly PartValidity[];
  /** What the server kept, the larger of both looks; empty where it kept nothing or does not tell. */
  readonly leftBehind: readonly Growth[];
  /** What to do, most important first. */
  readonly recommendations: readonly string[];
}
