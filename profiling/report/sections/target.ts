/** What was measured, in sentences that need no knowledge of the tool. */

import type { RunEnvelope } from '../../record/run-envelope.ts';
import type { ServerWarmUp } from '../../record/tier-record.ts';
import { formatAskedRate } from '../../verdict/quantities.ts';
import { formatDuration, formatPlural } from '../format.ts';
import { type Block, code, type RichText } from '../report-document.ts';

/** The load before the idle server was looked at; nothing where there was none. */
export function warmUpBlocks({ serverWarmUp }: { readonly serverWarmUp?: ServerWarmUp }): readonly Block[] {
  if (serverWarmUp === undefined) return [];
  const { connections, broadcastsPerSecond, durationMs } = serverWarmUp;
  const text = `Before the idle server was looked at, ${formatPlural(connections, 'client')} joined, listened to ${formatAskedRate(broadcastsPerSecond)} commentaries a second for ${formatDuration(durationMs)} and left: load that is not measured, so that the first tier does not pay for a cold server.`;
  return [{ kind: 'paragraph', text }];
}

/** Which server was measured, and what could be seen of it. */
export function targetText({ target: measured }: RunEnvelope): RichText {
  const version = measured.nodeVersion === null ? '' : ` on Node ${measured.nodeVersion.replace(/^v/, '')}`;
  const sees = [
    measured.sees.metrics ? 'its metrics were read' : 'its metrics could not be read',
    measured.sees.forcedGc
      ? 'garbage was collected by force before memory was read'
      : 'garbage could not be collected by force',
    ...attachedWords(measured.attached),
  ];
  return [
    measured.kind === 'spawned'
      ? 'The reference server, started for this run'
      : 'A server that was already running',
    `${version}, at `,
    code(measured.url),
    `; ${sees.join(', ')}. ${measured.sharesMachine ? 'Server and load share this machine.' : 'Server and load run on different machines.'}`,
  ];
}

function attachedWords(attached: RunEnvelope['target']['attached']): readonly string[] {
  if (attached === undefined) return [];
  const door = attached.openedInspector
    ? 'opened for this run and closed after it'
    : 'which was open before and is so still';
  return [`its process ${attached.pid} was looked into over its inspector, ${door}`];
}
