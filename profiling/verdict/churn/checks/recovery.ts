/** Whether everybody came back from the storm, with everything. */

import { countFailures, ownFailures } from '../../load-side-limits.ts';
import { formatCount, formatReasons } from '../../quantities.ts';
import { holds, THRESHOLDS } from '../../thresholds.ts';
import type { Check } from '../../verdict.ts';
import type { ChurnContext } from '../churn-context.ts';

const NAME = 'not-recovered';

export function recoveryCheck({ analysis, limits }: ChurnContext): Check {
  const { storm } = analysis;
  const base = { name: NAME, title: THRESHOLDS[NAME].title, threshold: limits[NAME], unit: 'count' } as const;
  if (storm === null) return { ...base, observed: null, verdict: 'n/a', detail: 'there was no storm' };
  const observed = storm.clients - storm.complete;
  if (holds(NAME, observed, limits)) return { ...base, observed, verdict: 'pass' };
  const own = countFailures(ownFailures(storm.failures));
  const reasons = [...storm.failures, ...storm.results.filter(({ reason }) => reason !== 'recovered')];
  return {
    ...base,
    observed,
    // What the load side brought on itself says nothing about the target.
    verdict: holds(NAME, observed - own, limits) ? 'inconclusive' : 'fail',
    detail: `of ${formatCount(storm.clients)} clients: ${formatReasons(reasons)}`,
  };
}
