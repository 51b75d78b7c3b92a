/** The one table that has every cell: client, what the server reports, what the client reports, latency. */

import type { CellAnalysis, FirehoseAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import type { CellVerdict, FirehoseVerdict } from '../../verdict/firehose/firehose-verdict.ts';
import { formatCores, formatCount, formatMs, formatPercent, formatRate } from '../../verdict/quantities.ts';
import { type Cell, type Column, cell, type Section, strong, type Tone } from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });

const HEAD = [
  'Client',
  'Server: offered',
  'buffered',
  'flushed',
  'delivered',
  'Client: received',
  'of asked',
  'lost',
  'Latency p50',
  'p99',
  'Server CPU',
] as const;

export function comparisonSection(analysis: FirehoseAnalysis, verdict: FirehoseVerdict): Section {
  return {
    id: 'comparison',
    title: 'What the server reports, and what arrives',
    blocks: [
      {
        kind: 'table',
        columns: HEAD.map((title, index) => (index === 0 ? { title } : right(title))),
        rows: analysis.cells.map((one, index) => comparisonRow(one, verdict.cells[index])),
      },
      {
        kind: 'paragraph',
        tone: 'muted',
        text: 'Ticks per second over all readers of a cell. Offered: ticks made while each reader was connected. Buffered: given to sockets, which is what a server’s “send rate” counts. Flushed: taken by the kernel. Delivered: acknowledged by the readers. Received: counted by the readers themselves, slow ones left out; of asked: received ÷ rate asked for. One lean reader of unique ticks, coalesced, unless the name says otherwise. Latency runs from a tick’s own time, which is when it was due, to its receipt.',
      },
    ],
  };
}

function comparisonRow(one: CellAnalysis, verdict: CellVerdict | undefined): readonly Cell[] {
  const { rates, ledger, latency, server } = one;
  const broken = new Set<string>(verdict?.broken ?? []);
  const toneOf = (name: string): Tone | undefined => (broken.has(name) ? 'bad' : undefined);
  return [
    cell([strong(one.label)]),
    ...[rates.offered, rates.buffered, rates.flushed, rates.delivered].map((rate) => cell(formatRate(rate))),
    cell(formatRate(rates.received)),
    cell(formatPercent(one.deliveredRatio), toneOf('delivered-ratio')),
    cell(formatCount(ledger.lost), toneOf('lost')),
    cell(formatMs(latency.p50Ms)),
    cell(formatMs(latency.p99Ms), toneOf('tick-p99')),
    cell(formatCores(server.cpuCores)),
  ];
}

/** The same for the terminal, shorter. */
export function comparisonText({ cells }: FirehoseAnalysis): readonly (readonly string[])[] {
  return [
    [
      'client',
      'offered',
      'buffered',
      'flushed',
      'delivered',
      'received',
      'of asked',
      'lost',
      'p50',
      'p99',
      'CPU',
    ],
    ...cells.map(({ label, rates, deliveredRatio, ledger, latency, server }) => [
      label,
      ...[rates.offered, rates.buffered, rates.flushed, rates.delivered, rates.received].map(formatRate),
      formatPercent(deliveredRatio),
      formatCount(ledger.lost),
      formatMs(latency.p50Ms),
      formatMs(latency.p99Ms),
      formatCores(server.cpuCores),
    ]),
  ];
}
