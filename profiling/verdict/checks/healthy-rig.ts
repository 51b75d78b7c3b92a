/** Whether the rig was healthy wherever the verdict hangs on what it measured. */

import type { Check, ValidityProblem } from '../verdict.ts';

/** What was measured, and why it is in doubt. */
export interface Doubted {
  /** `cycle 3`: stands behind "in". */
  readonly label: string;
  readonly problems: readonly ValidityProblem[];
}

/** Fails nothing; makes a run inconclusive. */
export function healthyRigCheck(title: string, measured: readonly Doubted[]): Check {
  const sick = measured.filter(({ problems }) => problems.length > 0);
  const [first] = sick;
  const base = { name: 'healthy-rig', title, threshold: 0, observed: sick.length, unit: 'count' } as const;
  if (first === undefined) return { ...base, verdict: 'pass' };
  const more = sick.length === 1 ? '' : `; ${sick.length - 1} more in doubt`;
  const why = first.problems[0]?.sentence ?? '';
  return { ...base, verdict: 'inconclusive', detail: `in ${first.label} ${why}${more}` };
}
