/** What was run, in sentences that need no knowledge of the tool. */

import type { ChurnOutline, ChurnRecord } from '../../record/churn-record.ts';
import { formatAskedRate, formatCount } from '../../verdict/quantities.ts';
import { formatDuration } from '../format.ts';
import type { Block, Section } from '../report-document.ts';
import { targetText } from '../sections/target.ts';
import { formatShare } from './share.ts';

export function whatWasRunSection(record: ChurnRecord): Section {
  const { outline } = record;
  return {
    id: 'what-was-run',
    title: 'What was run',
    blocks: [
      { kind: 'paragraph', text: targetText(record) },
      ...(outline === null
        ? [{ kind: 'paragraph', text: 'Nothing was measured.' } as const]
        : load(outline, record)),
      ...warmUp(record),
    ],
  };
}

function load(outline: ChurnOutline, { heartbeatMs }: ChurnRecord): readonly Block[] {
  const { connectsPerSecond, churnMs, stayMs, abruptRatio, stormClients, stormAwayMs } = outline;
  const churn = `For ${formatDuration(churnMs)}, ${formatAskedRate(connectsPerSecond)} clients a second connect, whatever the server does, join one match, stay for ${formatAskedRate(stayMs.min / 1_000)} to ${formatDuration(stayMs.max)} and end: ${formatShare(1 - abruptRatio)} by unsubscribing and a closing handshake, ${formatShare(abruptRatio / 2)} by a TCP reset, and ${formatShare(abruptRatio / 2)} fall silent: their socket stays open, but they answer nothing any more, so that the server has to find out by itself. Meanwhile ${formatAskedRate(outline.broadcastsPerSecond)} commentaries a second are published.`;
  const heartbeat =
    heartbeatMs === null
      ? `The time between the target's heartbeats is not known; a silent client waits ${formatDuration(outline.silentTimeoutMs)} to be found.`
      : `The server pings each connection every ${formatDuration(heartbeatMs)} and ends those from which nothing came until the next time, so a silent client is found within two heartbeats and a tick.`;
  const looks =
    'When everyone has left, the server is compared with what it was before: structures, listeners, timers, descriptors, live objects.';
  const storm =
    stormClients === 0
      ? 'There was no storm.'
      : `Then the storm: ${formatCount(stormClients)} clients join, all lose their connection in the same instant, stay away for ${formatDuration(stormAwayMs)}, and reconnect all at once, each saying what it saw last. One attempt each. Every message that was published meanwhile must reach every client exactly once, live or given back.`;
  return [churn, heartbeat, looks, storm].map((text) => ({ kind: 'paragraph', text }));
}

function warmUp({ serverWarmUp }: ChurnRecord): readonly Block[] {
  if (serverWarmUp === undefined) return [];
  const text = `Before the server was first looked at, ${formatCount(serverWarmUp.connections)} clients had come and gone in the same way: load that is not measured, so that code, pools and the room itself are there from the start.`;
  return [{ kind: 'paragraph', text }];
}
