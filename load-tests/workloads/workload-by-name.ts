/** Which workload carries out a plan. */

import type { LoadPlan } from '../generator/load-plan.ts';
import { createMatchesWorkload } from './matches.ts';
import type { Workload } from './workload.ts';

/** The workload a plan asks for. */
export function createWorkload(plan: LoadPlan): Workload {
  switch (plan.workload) {
    case 'matches':
      return createMatchesWorkload(plan);
  }
}
