/** Findings about the storm: who did not come back, and how soon the others did. */

import type { StormFigures } from '../../../analysis/churn/churn-analysis.ts';
import { formatCount, formatMs, formatReasons } from '../../quantities.ts';
import type { Check, Finding } from '../../verdict.ts';
import { type ChurnContext, lostToHistory } from '../churn-context.ts';
import { CONTROL_TODO, faultNote } from './fault-note.ts';

export function stormFindings(context: ChurnContext, checks: readonly Check[]): readonly Finding[] {
  const { storm } = context.analysis;
  if (storm === null) return [];
  const check = checks.find(({ name }) => name === 'not-recovered');
  if (check?.verdict === 'fail') return [notRecovered(storm, context)];
  return check?.verdict === 'pass' && storm.complete > 0 ? [recovered(storm)] : [];
}

function notRecovered(storm: StormFigures, context: ChurnContext): Finding {
  const away = storm.clients - storm.returned;
  const empty = storm.returned - storm.complete;
  const reasons = storm.results.filter(({ reason }) => reason !== 'recovered');
  const parts = [
    ...(away === 0 ? [] : [`${formatCount(away)} could not come back (${formatReasons(storm.failures)})`]),
    ...(empty === 0
      ? []
      : [
          `${formatCount(empty)} came back and were told that what they missed is gone (${formatReasons(reasons)})`,
        ]),
  ];
  const lost = lostToHistory(context)
    ? ` All ${formatCount(storm.missed - storm.givenBack)} lost messages are theirs.`
    : '';
  return {
    title: 'The storm left clients behind',
    seen: `Of ${formatCount(storm.clients)} clients ${parts.join(', and ')}; each tried once.${lost}${faultNote(context)}`,
    ...adviceFor(storm, away),
    ...(context.record.faults.length > 0 ? { todo: CONTROL_TODO } : {}),
  };
}

/** @param away clients that did not come back at all */
function adviceFor({ failures }: StormFigures, away: number): Pick<Finding, 'where' | 'todo'> {
  if (away === 0) {
    return {
      where: 'server/hub/room-history.ts: how many messages a room keeps for those who come back',
      todo: 'Keep more messages for each room, or let clients load what they missed from elsewhere.',
    };
  }
  const retry = 'let clients retry after a random delay, so that the next attempt is no storm.';
  if (failures.every(({ reason }) => /timeout/i.test(reason))) {
    return {
      where:
        'the accept queue (net.core.somaxconn) and the event loop of the server while everybody comes in',
      todo: `Look at loop delay and CPU in the storm, add server processes, and ${retry}`,
    };
  }
  return {
    where: 'server/transport/upgrade-gate.ts: total and per-address limits; the listen backlog',
    todo: `Raise what refused them, and ${retry}`,
  };
}

function recovered(storm: StormFigures): Finding {
  const slow = storm.resume.p95Ms ?? storm.resume.maxMs;
  return {
    title: 'The storm passed',
    seen: `${formatCount(storm.clients)} clients opened their sockets within ${formatMs(storm.openingMs)}, and all were members again after ${formatMs(storm.recoveryMs)} (95 % within ${formatMs(slow)}); ${formatCount(storm.givenBack)} of ${formatCount(storm.missed)} missed messages were given back.`,
    where: 'nothing gave way',
    todo: `Ask for more to find the limit: --storm ${storm.clients * 2}. In clients, a random delay before the first attempt makes a storm of any size a queue.`,
  };
}
