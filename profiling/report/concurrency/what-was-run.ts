/** What was run, in sentences that need no knowledge of the tool. */

import type { ConcurrencyAnalysis } from '../../analysis/concurrency/concurrency-analysis.ts';
import type { ConcurrencyRecord } from '../../record/concurrency-record.ts';
import { formatAskedRate, formatCount, formatList } from '../../verdict/quantities.ts';
import { formatDuration, formatPlural } from '../format.ts';
import { type Block, code, type Section } from '../report-document.ts';

export function whatWasRunSection(record: ConcurrencyRecord, analysis: ConcurrencyAnalysis): Section {
  const sizes = formatList(analysis.tiers.map((tier) => formatCount(tier.connections)));
  const { min, max } = analysis.broadcastsPerSecond;
  const rate = min === max ? formatAskedRate(max) : `${formatAskedRate(min)} to ${formatAskedRate(max)}`;
  const measured = formatDuration(analysis.tiers[0]?.measureRequestedMs ?? 0);
  const notes = [
    ...new Set(analysis.tiers.flatMap((tier) => (tier.rateNote === null ? [] : [tier.rateNote]))),
  ];
  return {
    id: 'what-was-run',
    title: 'What was run',
    blocks: [
      { kind: 'paragraph', text: target(record) },
      {
        kind: 'paragraph',
        text:
          analysis.tiers.length === 0
            ? 'No tier was measured.'
            : `${formatPlural(analysis.tiers.length, 'tier')} of ${sizes} clients: all subscribe to one match, and a publisher posts ${rate} commentaries a second to it, each of which goes to every client. Each tier is measured for ${measured} after a warm-up. Latency counts from the moment a message was due to be sent, so a server that stalls cannot hide it.`,
      },
      ...warmUp(record),
      ...notes.map((note) => ({ kind: 'paragraph', text: note }) as const),
    ],
  };
}

function warmUp({ serverWarmUp }: ConcurrencyRecord): readonly Block[] {
  if (serverWarmUp === undefined) return [];
  const { connections, broadcastsPerSecond, durationMs } = serverWarmUp;
  const text = `Before the idle server was looked at, ${formatPlural(connections, 'client')} joined, listened to ${formatAskedRate(broadcastsPerSecond)} commentaries a second for ${formatDuration(durationMs)} and left: load that is not measured, so that the first tier does not pay for a cold server.`;
  return [{ kind: 'paragraph', text }];
}

function target({ target: measured }: ConcurrencyRecord) {
  const version = measured.nodeVersion === null ? '' : ` on Node ${measured.nodeVersion.replace(/^v/, '')}`;
  const sees = [
    measured.sees.metrics ? 'its metrics were read' : 'its metrics could not be read',
    measured.sees.forcedGc
      ? 'garbage was collected by force before memory was read'
      : 'garbage could not be collected by force',
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
