/** Findings about ends that the server noticed late or never. */

import { formatConnections, formatCount, formatHeartbeats, formatMs } from '../../quantities.ts';
import type { Check, Finding } from '../../verdict.ts';
import type { ChurnContext } from '../churn-context.ts';
import { CONTROL_TODO, faultNote } from './fault-note.ts';

const HEARTBEAT = 'server/transport/heartbeat.ts, Heartbeat.tick';

export function noticeFindings(context: ChurnContext, checks: readonly Check[]): readonly Finding[] {
  const broken = new Set(checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name));
  return [
    ...unnoticed(context),
    ...(broken.has('release-time') ? slowRelease(context) : []),
    ...(broken.has('half-open') || broken.has('half-open-missed') ? lateDetection(context) : []),
  ];
}

function unnoticed(context: ChurnContext): readonly Finding[] {
  const { unnoticedEnds, heartbeatMs, release } = context.analysis;
  if (unnoticedEnds === null || unnoticedEnds === 0) return [];
  return [
    {
      title: 'The server learned of ended connections by its heartbeat alone',
      seen: `${formatConnections(unnoticedEnds)} had ended, by a closing handshake or a reset, and the server went on sending to them until they missed a heartbeat of ${formatMs(heartbeatMs)}; the longest was held for ${release?.isLowerBound === true ? 'at least ' : ''}${formatMs(release?.longestMs ?? null)} after the last end.${faultNote(context)}`,
      where: 'server/transport/peers.ts, Peers.ended: where the end of a socket is heard',
      todo:
        context.record.faults.length > 0
          ? CONTROL_TODO
          : 'Handle the close and error events of each socket; a heartbeat is for peers that vanish, not for those that say goodbye.',
    },
  ];
}

function slowRelease(context: ChurnContext): readonly Finding[] {
  const { release, unnoticedEnds } = context.analysis;
  // Said already, or told by what was left behind.
  if (release === null || (unnoticedEnds ?? 0) > 0) return [];
  const held =
    release.stillHeld === 0
      ? `It took the server ${formatMs(release.longestMs)} to let go of the last connection after the ${release.after}.`
      : `${formatConnections(release.stillHeld)} were still held ${formatMs(release.longestMs)} after the last client of the ${release.after} was gone.`;
  return [
    {
      title: 'Ended connections are held',
      seen: `${held}${faultNote(context)}`,
      where: context.record.releasePoints['hub.connections'] ?? 'server/hub/hub.ts, Hub.disconnected',
      todo:
        context.record.faults.length > 0
          ? CONTROL_TODO
          : 'Follow the end of a connection from its socket to the hub: something waits, or is not told.',
    },
  ];
}

function lateDetection(context: ChurnContext): readonly Finding[] {
  const { halfOpen, outline } = context.analysis;
  if (halfOpen === null) return [];
  const missed =
    halfOpen.missed === 0
      ? ''
      : ` ${formatCount(halfOpen.missed)} were not found within ${formatMs(outline?.silentTimeoutMs ?? null)}.`;
  return [
    {
      title: 'Silent clients are found late',
      seen: `${formatCount(halfOpen.detected)} of ${formatCount(halfOpen.silent)} clients that answered no ping were found, the last one after ${formatMs(halfOpen.detection.maxMs)} (${formatHeartbeats(halfOpen.longestHeartbeats)}).${missed}${faultNote(context)}`,
      where: HEARTBEAT,
      todo: 'Ping every connection once a heartbeat, and end those from which nothing came until the next one.',
    },
  ];
}
