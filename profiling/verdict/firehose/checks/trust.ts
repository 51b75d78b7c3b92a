/** Whether the run can be trusted: it ended by itself, and the cells the verdict hangs on were measured well. */

import { completedCheck } from '../../checks/completed.ts';
import type { Check, ValidityProblem } from '../../verdict.ts';
import { isAboutCounts } from '../cell-validity.ts';
import type { FirehoseContext, JudgedCell } from '../firehose-context.ts';

/** Fails nothing; makes a run inconclusive. */
export function trustChecks(context: FirehoseContext): readonly Check[] {
  return [healthyRig(context), completedCheck(context.record.outcome, context.cells.length > 0)];
}

/** The problems that make the verdict doubtful: of a judged cell all, of any other those of its counts. */
export function doubtsOf({ searches }: FirehoseContext, cell: JudgedCell): readonly ValidityProblem[] {
  const isJudged = searches.some(({ judged }) => judged === cell);
  return cell.problems.filter(
    (problem) => isAboutCounts(problem) || (isJudged && problem.code !== 'other-load'),
  );
}

function healthyRig(context: FirehoseContext): Check {
  const sick = context.cells.filter((cell) => doubtsOf(context, cell).length > 0);
  const [first] = sick;
  const base = {
    name: 'healthy-rig',
    title: 'Cells measured on an unhealthy rig',
    threshold: 0,
    observed: sick.length,
    unit: 'count',
  } as const;
  if (first === undefined) return { ...base, verdict: 'pass' };
  const more = sick.length === 1 ? '' : `; ${sick.length - 1} more in doubt`;
  const why = doubtsOf(context, first)[0]?.sentence ?? '';
  return { ...base, verdict: 'inconclusive', detail: `in ${first.label} ${why}${more}` };
}
