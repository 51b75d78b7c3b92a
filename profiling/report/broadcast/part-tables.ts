/** The closed load, and the same load without and with slow readers. */

import type { BroadcastAnalysis, SlowReaderAnalysis } from '../../analysis/broadcast/broadcast-analysis.ts';
import type { BroadcastVerdict } from '../../verdict/broadcast/broadcast-verdict.ts';
import { whatBecameOfThem } from '../../verdict/broadcast/findings/slow-readers.ts';
import {
  formatAskedRate,
  formatBytes,
  formatCores,
  formatCount,
  formatMs,
  formatRate,
} from '../../verdict/quantities.ts';
import { formatDuration } from '../format.ts';
import { type Block, cell, type Section } from '../report-document.ts';

export function closedSection({ closed }: BroadcastAnalysis): readonly Section[] {
  if (closed === null) return [];
  const { tier, publishers, publishLatency } = closed;
  const rows: readonly (readonly [string, string])[] = [
    ['Requests', formatRate(closed.requestsPerSecond)],
    ['Deliveries', formatRate(closed.deliveriesPerSecond)],
    ['Deliveries per core of the server', formatRate(closed.deliveriesPerCore)],
    [
      'POST p50, p99, max',
      [publishLatency.p50Ms, publishLatency.p99Ms, publishLatency.maxMs].map(formatMs).join(', '),
    ],
    ['Server CPU', formatCores(tier.server.cpuCores)],
    ['Expected deliveries', formatCount(tier.ledger.expected)],
    [
      'Lost, duplicated, out of order',
      [tier.ledger.lost, tier.ledger.duplicated, tier.ledger.outOfOrder].map(formatCount).join(', '),
    ],
  ];
  return [
    {
      id: 'closed',
      title: 'Closed: as fast as it is answered',
      blocks: [
        {
          kind: 'paragraph',
          text: `autocannon with ${formatCount(publishers)} connections for ${formatDuration(tier.measureRequestedMs)}, each sending its next POST when the one before was answered. This is a closed load: when the server slows down, so do the publishers, and waiting stays hidden. So it shows a ceiling, is judged on what was lost alone, and times no deliveries.`,
        },
        {
          kind: 'table',
          columns: [{ title: 'What' }, { title: 'Observed', align: 'right' }],
          rows: rows.map(([what, value]) => [cell(what), cell(value)]),
        },
      ],
    },
  ];
}

export function slowReadersSection({ slowReaders: compared }: BroadcastVerdict): readonly Section[] {
  if (compared === null) return [];
  const { without, withSlow, conclusion } = compared;
  return [
    {
      id: 'slow-readers',
      title: 'A slow reader among them',
      blocks: [
        {
          kind: 'paragraph',
          text: `The same load twice, ${formatAskedRate(withSlow.rate)} broadcasts/s of ${formatCount(withSlow.textLength)} characters for ${formatDuration(withSlow.tier.measureRequestedMs)}: first everybody reads, then ${formatCount(withSlow.slowReaders)} of ${formatCount(withSlow.tier.connections)} stop${withSlow.slowReaders === 1 ? 's' : ''} reading as the window begins. The figures are those of the others.`,
        },
        comparisonTable(without, withSlow),
        { kind: 'paragraph', text: `${conclusion} ${whatBecameOfThem(withSlow)}` },
      ],
    },
  ];
}

function comparisonTable(without: SlowReaderAnalysis, withSlow: SlowReaderAnalysis): Block {
  const rows: readonly (readonly [string, (side: SlowReaderAnalysis) => string])[] = [
    ['Delivery p50', ({ tier }) => formatMs(tier.delivery.p50Ms)],
    ['Delivery p95', ({ tier }) => formatMs(tier.delivery.p95Ms)],
    ['Delivery p99', ({ tier }) => formatMs(tier.delivery.p99Ms)],
    ['Delivery max', ({ tier }) => formatMs(tier.delivery.maxMs)],
    ['Lost to the others', ({ tier }) => formatCount(tier.ledger.lost)],
    ['Server CPU', ({ tier }) => formatCores(tier.server.cpuCores)],
    ['Loop delay p99', ({ tier }) => formatMs(tier.server.window.loopDelayP99Ms)],
    ['Most bytes waiting in the server', ({ peakSendQueueBytes }) => formatBytes(peakSendQueueBytes)],
    ['Closed as slow consumers (4002)', ({ tier }) => formatCount(tier.server.counters.slowConsumersClosed)],
    [
      'Closed for a missed heartbeat (4004)',
      ({ tier }) => formatCount(tier.server.counters.heartbeatsMissed ?? null),
    ],
  ];
  return {
    kind: 'table',
    columns: [
      { title: 'What' },
      { title: 'Everybody reads', align: 'right' },
      { title: 'Some do not', align: 'right' },
    ],
    rows: rows.map(([what, figure]) => [cell(what), cell(figure(without)), cell(figure(withSlow))]),
  };
}
