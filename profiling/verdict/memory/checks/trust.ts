/** Whether the run can be trusted: it ended by itself, and the load was what it should have been. */

import { completedCheck } from '../../checks/completed.ts';
import { healthyRigCheck } from '../../checks/healthy-rig.ts';
import type { Check } from '../../verdict.ts';
import { doubtsOf, type MemoryContext } from '../memory-context.ts';

/** Fails nothing; makes a run inconclusive. */
export function trustChecks(context: MemoryContext): readonly Check[] {
  const { record, analysis } = context;
  return [healthyRig(context), completedCheck(record.outcome, analysis.measured.length > 0)];
}

function healthyRig({ validity }: MemoryContext): Check {
  const measured = validity.map((cycle) => ({ label: cycle.label, problems: doubtsOf(cycle) }));
  return healthyRigCheck('Cycles whose counts cannot be trusted', measured);
}
