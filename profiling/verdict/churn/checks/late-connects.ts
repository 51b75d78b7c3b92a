/** Connects that ran out of time while the rig itself was short of it. */

import type { FailureCount } from '../../../../load-tests/generator/load-result.ts';
import { countFailures, ownFailures } from '../../load-side-limits.ts';
import { holds } from '../../thresholds.ts';
import type { Check } from '../../verdict.ts';
import { type ChurnContext, timeDoubt } from '../churn-context.ts';

/** A timeout is a time, not a count: on a full machine nobody knows whose fault it is. A refusal stays one. */
export function doubtLateConnects(checks: readonly Check[], context: ChurnContext): readonly Check[] {
  const doubt = timeDoubt(context);
  if (doubt === undefined) return checks;
  return checks.map((check) => {
    if (check.verdict !== 'fail' || !isExcused(check, context)) return check;
    const detail = `${check.detail ?? ''}; the rig itself may be why: ${doubt.sentence}`;
    return { ...check, verdict: 'inconclusive', detail };
  });
}

/** Whether the check would hold without the timeouts. */
function isExcused({ name, observed }: Check, { analysis, limits }: ChurnContext): boolean {
  if (name !== 'not-connected' && name !== 'not-recovered') return false;
  const failures: readonly FailureCount[] =
    name === 'not-connected'
      ? analysis.parts.flatMap((part) => part.failures.connect)
      : (analysis.storm?.failures ?? []);
  const late = failures.filter(({ reason }) => reason === 'timeout');
  return holds(name, (observed ?? 0) - countFailures(late) - countFailures(ownFailures(failures)), limits);
}
