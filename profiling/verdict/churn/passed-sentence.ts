/** A pass in words: who came and went, what was left, and how the storm ended. */

import type { ChurnAnalysis } from '../../analysis/churn/churn-analysis.ts';
import { formatClients, formatCount, formatHeartbeats, formatMs, formatRate } from '../quantities.ts';

/** Without the word "Pass" and the full stop. */
export function passedSentence(analysis: ChurnAnalysis): string {
  const { visits, ends } = analysis;
  if (visits === null || ends === null) return 'every check held';
  const abrupt = ends.reset + ends.halfOpen;
  const how = abrupt === 0 ? '' : `, ${formatCount(abrupt)} of them without a goodbye,`;
  const came = `${formatClients(visits.connected)} came and went at ${formatRate(visits.accepted.requestedPerSecond)}${how} and left nothing behind`;
  const noticed = [...detection(analysis), ...release(analysis)];
  return `${came}${noticed.length === 0 ? '' : `: ${noticed.join(', ')}`}${storm(analysis)}`;
}

function detection({ halfOpen }: ChurnAnalysis): readonly string[] {
  if (halfOpen === null || halfOpen.detected === 0) return [];
  const within =
    halfOpen.longestHeartbeats === null
      ? formatMs(halfOpen.detection.maxMs)
      : `${formatHeartbeats(halfOpen.longestHeartbeats)} (${formatMs(halfOpen.detection.maxMs)})`;
  return [`silent ones were found within ${within}`];
}

function release({ release: found }: ChurnAnalysis): readonly string[] {
  return found === null ? [] : [`ended ones were let go within ${formatMs(found.longestMs)}`];
}

function storm({ storm: found }: ChurnAnalysis): string {
  if (found === null) return '';
  const alone = found.clients === 1;
  const who = alone
    ? 'the one client of the storm was'
    : `all ${formatCount(found.clients)} of the storm were`;
  const missed =
    found.missed === 0
      ? ''
      : ` with the ${formatCount(found.givenBack)} messages that ${alone ? 'it' : 'they'} had missed`;
  return `; ${who} back in ${formatMs(found.recoveryMs)}${missed}`;
}
