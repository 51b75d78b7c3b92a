/** What was run, in sentences that need no knowledge of the tool. */

import type { ConcurrencyAnalysis } from '../../analysis/concurrency/concurrency-analysis.ts';
import type { ConcurrencyRecord } from '../../record/concurrency-record.ts';
import { formatAskedRate, formatCount, formatList } from '../../verdict/quantities.ts';
import { formatDuration, formatPlural } from '../format.ts';
import type { Section } from '../report-document.ts';
import { targetText, warmUpBlocks } from '../sections/target.ts';

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
      { kind: 'paragraph', text: targetText(record) },
      {
        kind: 'paragraph',
        text:
          analysis.tiers.length === 0
            ? 'No tier was measured.'
            : `${formatPlural(analysis.tiers.length, 'tier')} of ${sizes} clients: all subscribe to one match, and a publisher posts ${rate} commentaries a second to it, each of which goes to every client. Each tier is measured for ${measured} after a warm-up. Latency counts from the moment a message was due to be sent, so a server that stalls cannot hide it.`,
      },
      ...warmUpBlocks(record),
      ...notes.map((note) => ({ kind: 'paragraph', text: note }) as const),
    ],
  };
}
