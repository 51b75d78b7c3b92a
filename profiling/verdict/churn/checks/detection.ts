/** Whether the server finds clients that fell silent, and how soon. */

import { formatCount, formatMs } from '../../quantities.ts';
import { holds, THRESHOLDS } from '../../thresholds.ts';
import type { Check } from '../../verdict.ts';
import { type ChurnContext, timeDoubt } from '../churn-context.ts';

export function detectionChecks(context: ChurnContext): readonly Check[] {
  return [halfOpen(context), halfOpenMissed(context)];
}

type Judged = Pick<Check, 'observed' | 'verdict' | 'detail'>;

function halfOpen(context: ChurnContext): Check {
  const { limits } = context;
  return {
    name: 'half-open',
    title: THRESHOLDS['half-open'].title,
    threshold: limits['half-open'],
    unit: 'heartbeats',
    ...judgeTime(context),
  };
}

function judgeTime(context: ChurnContext): Judged {
  const { halfOpen: found, heartbeatMs } = context.analysis;
  if (found === null || found.detected === 0) {
    return { observed: null, verdict: 'n/a', detail: 'no silent client was found' };
  }
  const longest = `longest ${formatMs(found.detection.maxMs)}`;
  if (heartbeatMs === null || found.longestHeartbeats === null) {
    return {
      observed: null,
      verdict: 'n/a',
      detail: `${longest}; how long the target's heartbeat is, it does not say`,
    };
  }
  const observed = found.longestHeartbeats;
  const said = `${longest} of ${formatCount(found.detected)}, with a heartbeat of ${formatMs(heartbeatMs)}`;
  if (holds('half-open', observed, context.limits)) return { observed, verdict: 'pass', detail: said };
  const doubt = timeDoubt(context);
  return doubt === undefined
    ? { observed, verdict: 'fail', detail: said }
    : {
        observed,
        verdict: 'inconclusive',
        detail: `over the limit, but the rig itself may be why: ${doubt.sentence}`,
      };
}

/** Counted after twice the time that a heartbeat needs. */
function halfOpenMissed({ analysis, limits }: ChurnContext): Check {
  const { halfOpen: found, outline } = analysis;
  const base = {
    name: 'half-open-missed',
    title: THRESHOLDS['half-open-missed'].title,
    threshold: limits['half-open-missed'],
    unit: 'count',
  } as const;
  if (found === null || found.silent === 0) {
    return { ...base, observed: null, verdict: 'n/a', detail: 'no client fell silent' };
  }
  const passes = holds('half-open-missed', found.missed, limits);
  const waited = formatMs(outline?.silentTimeoutMs ?? null);
  return {
    ...base,
    observed: found.missed,
    verdict: passes ? 'pass' : 'fail',
    ...(found.missed === 0
      ? {}
      : { detail: `of ${formatCount(found.silent)} silent clients, after ${waited} of silence` }),
  };
}
