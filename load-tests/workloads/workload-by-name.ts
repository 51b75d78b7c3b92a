/** Which workload carries out a plan. */

import { createMatchesWorkload } from './matches.ts';
import type { Workload, WorkloadPlan } from './workload.ts';

/** The workload a plan asks for. */
export function createWorkload(plan: WorkloadPlan): Workload {
  switch (plan.workload) {
    case 'matches':
      return createMatchesWorkload(plan);
  }
}
