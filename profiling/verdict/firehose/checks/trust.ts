/** Whether the run can be trusted: it ended by itself, and the cells the verdict hangs on were measured well. */

import { completedCheck } from '../../checks/completed.ts';
import { healthyRigCheck } from '../../checks/healthy-rig.ts';
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
  const measured = context.cells.map((cell) => ({ label: cell.label, problems: doubtsOf(context, cell) }));
  return healthyRigCheck('Cells measured on an unhealthy rig', measured);
}
