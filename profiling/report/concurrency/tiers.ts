/** Results per tier: the table that a performance engineer reads first. */

import type { ConcurrencyAnalysis } from '../../analysis/concurrency/concurrency-analysis.ts';
import type { LatencyFigures, TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { ConcurrencyVerdict } from '../../verdict/concurrency/concurrency-verdict.ts';
import {
  formatBytes,
  formatCores,
  formatCount,
  formatMs,
  formatRate,
  formatReasons,
} from '../../verdict/quantities.ts';
import { type Block, type Cell, type Column, cell, type Section, type Tone } from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });

export function tiersSection(analysis: ConcurrencyAnalysis, verdict: ConcurrencyVerdict): Section {
  const { tiers } = analysis;
  return {
    id: 'tiers',
    title: 'Results per tier',
    blocks: [
      { kind: 'heading', text: 'Delivery' },
      {
        kind: 'table',
        columns: [
          'Tier',
          'Deliveries',
          'Expected',
          'p50',
          'p95',
          'p99',
          'p99.9',
          'Max',
          'Samples',
          'Lost',
        ].map(right),
        rows: tiers.map((tier) => deliveryRow(tier, verdict)),
      },
      { kind: 'heading', text: 'Connections' },
      {
        kind: 'table',
        columns: [
          'Tier',
          'Connected',
          'Attempted',
          'Established in',
          'Connect p50',
          'Connect p99',
          'Connect max',
        ].map(right),
        rows: tiers.map(connectionRow),
      },
      { kind: 'heading', text: 'Server, and whether the rig was healthy' },
      {
        kind: 'table',
        columns: [
          ...['Tier', 'CPU', 'CPU per 1,000', 'RSS', 'Heap used', 'Loop p99', 'GC'].map(right),
          { title: 'Rig' },
          { title: 'Limited by' },
        ],
        rows: tiers.map((tier) => serverRow(tier, verdict)),
      },
      ...errorLines(tiers),
      {
        kind: 'paragraph',
        tone: 'muted',
        text: 'n/a: fewer than 10 ÷ (1 − q) samples, or nothing to be seen. Latency runs from the intended send to the receipt. CPU per 1,000 connections is above the idle server. Memory is read with all connections open.',
      },
    ],
  };
}

function tierCell({ connections }: TierAnalysis): Cell {
  return cell([{ strong: formatCount(connections) }]);
}

function deliveryRow(tier: TierAnalysis, verdict: ConcurrencyVerdict): readonly Cell[] {
  const broken = brokenIn(tier, verdict);
  const toneOf = (name: string): Tone | undefined => (broken.has(name) ? 'bad' : undefined);
  const { delivery, ledger } = tier;
  return [
    tierCell(tier),
    cell(formatRate(tier.deliveries.achievedPerSecond)),
    cell(formatRate(tier.deliveries.requestedPerSecond)),
    cell(formatMs(delivery.p50Ms), toneOf('p50')),
    cell(formatMs(delivery.p95Ms), toneOf('p95')),
    cell(formatMs(delivery.p99Ms), toneOf('p99')),
    ...tail(delivery),
    cell(formatCount(ledger.lost), toneOf('lost')),
  ];
}

function tail(figures: LatencyFigures): readonly Cell[] {
  return [cell(formatMs(figures.p999Ms)), cell(formatMs(figures.maxMs)), cell(formatCount(figures.n))];
}

function connectionRow(tier: TierAnalysis): readonly Cell[] {
  const { connectLatency } = tier;
  return [
    tierCell(tier),
    cell(formatCount(tier.connected), tier.connected < tier.attempted ? 'bad' : undefined),
    cell(formatCount(tier.attempted)),
    cell(formatMs(tier.establishMs)),
    cell(formatMs(connectLatency.p50Ms)),
    cell(formatMs(connectLatency.p99Ms)),
    cell(formatMs(connectLatency.maxMs)),
  ];
}

function serverRow(tier: TierAnalysis, verdict: ConcurrencyVerdict): readonly Cell[] {
  const { server, memory } = tier;
  const problems = verdict.validity.find((found) => found.connections === tier.connections)?.problems ?? [];
  const limit = verdict.tiers.find((found) => found.connections === tier.connections)?.limit;
  const gc = server.gcRatio === null ? 'n/a' : `${(server.gcRatio * 100).toFixed(1)} %`;
  return [
    tierCell(tier),
    cell(formatCores(server.cpuCores)),
    cell(
      formatCores(server.cpuPerThousandCores),
      brokenIn(tier, verdict).has('cpu-per-1000') ? 'bad' : undefined,
    ),
    cell(formatBytes(memory?.rssBytes ?? null)),
    cell(formatBytes(memory?.heapUsedBytes ?? null)),
    cell(formatMs(server.window.loopDelayP99Ms)),
    cell(gc),
    problems.length === 0
      ? cell('healthy', 'good')
      : cell(problems.map((found) => found.code).join(', '), 'doubtful'),
    cell(limit?.kind === 'none' || limit === undefined ? '–' : limit.sentence),
  ];
}

function brokenIn(tier: TierAnalysis, verdict: ConcurrencyVerdict): ReadonlySet<string> {
  return new Set(verdict.tiers.find((found) => found.connections === tier.connections)?.broken ?? []);
}

function errorLines(tiers: readonly TierAnalysis[]): readonly Block[] {
  const items = tiers.flatMap(({ connections, failures }) =>
    Object.entries(failures).flatMap(([origin, found]) =>
      found.length === 0
        ? []
        : [`At ${formatCount(connections)} connections, ${origin}: ${formatReasons(found)}`],
    ),
  );
  return items.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Errors by reason' },
        { kind: 'list', items },
      ];
}
