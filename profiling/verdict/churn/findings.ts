/** Findings: what was seen, where, and what to do about it. */

import { connectionFindings } from '../findings/connections.ts';
import { integrityFindings } from '../findings/deliveries.ts';
import { rigFindings } from '../findings/rig.ts';
import { formatList } from '../quantities.ts';
import type { Check, Finding } from '../verdict.ts';
import { type ChurnContext, countDoubts, loadOf, lostToHistory, timeDoubt } from './churn-context.ts';
import { harmlessFault } from './findings/fault-note.ts';
import { keptFindings } from './findings/kept.ts';
import { noticeFindings } from './findings/notice.ts';
import { stormFindings } from './findings/storm.ts';
import { timeWaitFindings } from './findings/time-wait.ts';

/** The gravest first. */
export function findingsOf(context: ChurnContext, checks: readonly Check[]): readonly Finding[] {
  const load = loadOf(context);
  return [
    // The storm's own finding says it better.
    ...integrityFindings(
      load,
      lostToHistory(context) ? checks.filter(({ name }) => name !== 'lost') : checks,
    ),
    ...keptFindings(context),
    ...noticeFindings(context, checks),
    ...connectionFindings(load, checks),
    ...harmlessFault(context, checks),
    ...stormFindings(context, checks),
    ...rig(context, checks),
    ...timeWaitFindings(context),
  ];
}

function rig(context: ChurnContext, checks: readonly Check[]): readonly Finding[] {
  const doubt = checks.some(isDoubtedTime) ? timeDoubt(context) : undefined;
  const places = context.validity.map((part) => ({
    name: part.name,
    problems: part.problems,
    isJudged: countDoubts(part).length > 0 || (doubt !== undefined && part.problems.includes(doubt)),
  }));
  return rigFindings(places, {
    placesOf: (names) => `In the ${formatList(names)}`,
    unjudged: 'It bends times, but the verdict does not depend on it: what is judged here are mostly counts.',
  });
}

/** A time over its limit that the rig may have stretched. */
function isDoubtedTime({ name, observed, verdict }: Check): boolean {
  return (name === 'half-open' || name === 'release-time') && observed !== null && verdict === 'inconclusive';
}
