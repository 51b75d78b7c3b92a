/** Whether a run came to its end by itself. */

import type { RunOutcome } from '../../record/run-envelope.ts';
import type { Check } from '../verdict.ts';

/** Fails nothing; makes a run inconclusive. @param hasMeasured whether there is anything to judge */
export function completedCheck(outcome: RunOutcome, hasMeasured: boolean): Check {
  const isComplete = outcome.state === 'completed' && hasMeasured;
  return {
    name: 'completed',
    title: 'Run cut short',
    threshold: 0,
    observed: isComplete ? 0 : 1,
    unit: 'count',
    verdict: isComplete ? 'pass' : 'inconclusive',
    ...(outcome.state === 'completed' ? {} : { detail: outcome.message }),
  };
}
