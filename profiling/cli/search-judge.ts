/** What steers a search while it runs: the same judgement that the verdict will make of each step. */

import type { Calibration } from '../../load-tests/calibration/calibration.ts';
import { analyseTier } from '../analysis/analyse-tier.ts';
import { analyseCell } from '../analysis/firehose/analyse-firehose.ts';
import type { Environment, RunTarget } from '../record/run-envelope.ts';
import type { SearchJudge, TickSearchJudge } from '../scenarios/scenario.ts';
import type { ScenarioOptions } from '../scenarios/scenario-options.ts';
import { judgeStep } from '../verdict/broadcast/judge-step.ts';
import { requiredRate } from '../verdict/broadcast/required-rate.ts';
import { cellValidity } from '../verdict/firehose/cell-validity.ts';
import { judgeCell } from '../verdict/firehose/judge-cell.ts';
import { requiredTickRate } from '../verdict/firehose/required-tick-rate.ts';
import { limitsOf } from '../verdict/thresholds.ts';
import { validityOf } from '../verdict/validity.ts';

/** What a run is judged by, as far as it is known while it lasts. */
export interface SearchCircumstances {
  readonly options: Pick<ScenarioOptions, 'connections' | 'rates'>;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly target: RunTarget;
  readonly environment: Environment;
  readonly calibration: Calibration | null;
}

export function searchJudge({ options, thresholds, ...rig }: SearchCircumstances): SearchJudge {
  const limits = limitsOf(thresholds);
  const { connections, rates } = options;
  return {
    requiredRate: requiredRate({ connections, thresholds, limits, highestRate: Math.max(...rates) }),
    judge(tier, idle) {
      const analysis = analyseTier(tier, { ...rig, idle });
      return judgeStep(analysis, validityOf(analysis, rig), limits);
    },
  };
}

/** The same for ticks. */
export function tickSearchJudge({ options, thresholds, ...rig }: SearchCircumstances): TickSearchJudge {
  const limits = limitsOf(thresholds);
  return {
    requiredRate: requiredTickRate({ thresholds, limits, highestRate: Math.max(...options.rates) }),
    judge(cell) {
      const analysis = analyseCell(cell, '', rig);
      return judgeCell(analysis, cellValidity(analysis, rig), limits);
    },
  };
}
