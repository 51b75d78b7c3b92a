/** How long the server holds connections that have ended. */

import { formatConnections, formatCount, formatMs } from '../../quantities.ts';
import { holds, THRESHOLDS } from '../../thresholds.ts';
import type { Check } from '../../verdict.ts';
import { type ChurnContext, timeDoubt } from '../churn-context.ts';

const NAME = 'release-time';

export function releaseCheck(context: ChurnContext): Check {
  return {
    name: NAME,
    title: THRESHOLDS[NAME].title,
    threshold: context.limits[NAME],
    unit: 'ms',
    ...judge(context),
  };
}

function judge(context: ChurnContext): Pick<Check, 'observed' | 'verdict' | 'detail'> {
  const { release, unnoticedEnds } = context.analysis;
  if (release === null) {
    const detail = 'the target does not show how many connections it holds: --metrics <address> shows it';
    return { observed: null, verdict: 'inconclusive', detail };
  }
  const observed = release.longestMs;
  const detail = detailOf(context);
  const said = detail === '' ? {} : { detail };
  if (holds(NAME, observed, context.limits)) return { observed, verdict: 'pass', ...said };
  // Connections that it never let go of, or found by its heartbeat, are counts: no busy machine explains them.
  const isCounted = release.stillHeld > 0 || (unnoticedEnds ?? 0) > 0;
  const doubt = isCounted ? undefined : timeDoubt(context);
  if (doubt === undefined) return { observed, verdict: 'fail', ...said };
  return {
    observed,
    verdict: 'inconclusive',
    detail: `over the limit, but the rig itself may be why: ${doubt.sentence}`,
  };
}

function detailOf({ analysis }: ChurnContext): string {
  const { release, unnoticedEnds, heartbeatMs } = analysis;
  const held =
    release === null || release.stillHeld === 0
      ? []
      : [
          `${formatConnections(release.stillHeld)} still held when the wait after the ${release.after} was over`,
        ];
  const heartbeat = heartbeatMs === null ? '' : ` (every ${formatMs(heartbeatMs)})`;
  const unnoticed =
    (unnoticedEnds ?? 0) === 0
      ? []
      : [`${formatCount(unnoticedEnds)} ends went unnoticed until the heartbeat${heartbeat} found them`];
  return [...unnoticed, ...held].join('; ');
}
