/** Whether the run can be trusted: it ended by itself, and the load was what it should have been. */

import { completedCheck } from '../../checks/completed.ts';
import type { Check } from '../../verdict.ts';
import { type ChurnContext, countDoubts } from '../churn-context.ts';

/** Fails nothing; makes a run inconclusive. */
export function trustChecks(context: ChurnContext): readonly Check[] {
  const { record, analysis } = context;
  return [healthyRig(context), completedCheck(record.outcome, analysis.visits !== null)];
}

function healthyRig({ validity }: ChurnContext): Check {
  const sick = validity.filter((part) => countDoubts(part).length > 0);
  const [first] = sick;
  return {
    name: 'healthy-rig',
    title: 'Parts whose counts cannot be trusted',
    threshold: 0,
    observed: sick.length,
    unit: 'count',
    verdict: first === undefined ? 'pass' : 'inconclusive',
    ...(first === undefined
      ? {}
      : { detail: `in the ${first.name} ${countDoubts(first)[0]?.sentence ?? ''}` }),
  };
}
