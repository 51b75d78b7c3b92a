/** Whether the run can be trusted: it ended by itself, and the load was what it should have been. */

import { completedCheck } from '../../checks/completed.ts';
import type { Check } from '../../verdict.ts';
import { doubtsOf, type MemoryContext } from '../memory-context.ts';

/** Fails nothing; makes a run inconclusive. */
export function trustChecks(context: MemoryContext): readonly Check[] {
  const { record, analysis } = context;
  return [healthyRig(context), completedCheck(record.outcome, analysis.measured.length > 0)];
}

function healthyRig({ validity }: MemoryContext): Check {
  const sick = validity.filter((cycle) => doubtsOf(cycle).length > 0);
  const [first] = sick;
  const more = sick.length < 2 ? '' : `; ${sick.length - 1} more in doubt`;
  return {
    name: 'healthy-rig',
    title: 'Cycles whose counts cannot be trusted',
    threshold: 0,
    observed: sick.length,
    unit: 'count',
    verdict: first === undefined ? 'pass' : 'inconclusive',
    ...(first === undefined
      ? {}
      : { detail: `in ${first.label} ${doubtsOf(first)[0]?.sentence ?? ''}${more}` }),
  };
}
