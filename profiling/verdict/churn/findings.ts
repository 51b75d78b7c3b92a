/** Findings: what was seen, where, and what to do about it. */

import { connectionFindings } from '../findings/connections.ts';
import { integrityFindings } from '../findings/deliveries.ts';
import { rigFindings } from '../findings/rig.ts';
import { formatList } from '../quantities.ts';
import type { Check, Finding } from '../verdict.ts';
import { type ChurnContext, countDoubts, loadOf } from './churn-context.ts';
import { keptFindings } from './findings/kept.ts';
import { noticeFindings } from './findings/notice.ts';
import { stormFindings } from './findings/storm.ts';
import { timeWaitFindings } from './findings/time-wait.ts';

/** The gravest first. */
export function findingsOf(context: ChurnContext, checks: readonly Check[]): readonly Finding[] {
  const load = loadOf(context);
  return [
    ...integrityFindings(load, checks),
    ...keptFindings(context),
    ...noticeFindings(context, checks),
    ...connectionFindings(load, checks),
    ...stormFindings(context, checks),
    ...rig(context),
    ...timeWaitFindings(context),
  ];
}

function rig({ validity }: ChurnContext): readonly Finding[] {
  const places = validity.map((part) => ({
    name: part.name,
    problems: part.problems,
    isJudged: countDoubts(part).length > 0,
  }));
  return rigFindings(places, {
    placesOf: (names) => `In the ${formatList(names)}`,
    unjudged: 'It bends times, and no time is near its limit here; counts do not depend on it.',
  });
}
