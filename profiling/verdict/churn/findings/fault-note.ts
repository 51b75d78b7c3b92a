/** What a fault that is switched on says about itself: the run is a positive control then. */

import type { ChurnContext } from '../churn-context.ts';

export const CONTROL_TODO = 'Nothing: this is the positive control. Run again without --fault.';

/** ` The fault leak-connections=1% is switched on and did its harm 26 times.`; empty without one. */
export function faultNote({ record, analysis }: ChurnContext): string {
  if (record.faults.length === 0) return '';
  const counts = Object.values(analysis.faultInjections);
  const harm = counts.reduce((total, count) => total + count, 0);
  return ` The fault ${record.faults.join(', ')} is switched on and did its harm ${harm.toLocaleString('en-US')} times.`;
}
