/** Leak detection: handles, timers, listeners and class counts from baseline to end, and the slopes of memory. */

import type { Growth } from '../../analysis/lifecycle-growth.ts';
import {
  type MemoryAnalysis,
  SLOPE_FIGURES,
  type SlopeFigure,
} from '../../analysis/memory/memory-analysis.ts';
import type { TheilSenFit } from '../../analysis/theil-sen.ts';
import { formatPerConnection } from '../../verdict/growth-text.ts';
import { formatKeptBytes } from '../../verdict/memory/kept-bytes.ts';
import { formatBytes, formatCount } from '../../verdict/quantities.ts';
import type { Check } from '../../verdict/verdict.ts';
import { type Block, type Cell, type Column, cell, code, type Section } from '../report-document.ts';
import { growingClassBlocks } from './growing-classes.ts';
import type { JudgedMemory } from './judgement.ts';

const right = (title: string): Column => ({ title, align: 'right' });

const KIND_WORDS: Readonly<Record<Growth['kind'], string>> = {
  structure: 'structure',
  listener: 'listener',
  timers: 'timers',
  fds: 'handles',
  class: 'class',
};

const SLOPE_WORDS: Readonly<Record<SlopeFigure, readonly [title: string, check: string | null]>> = {
  heapUsed: ['Heap used', 'heap-slope'],
  external: ['External', 'external-slope'],
  arrayBuffers: ['Array buffers (part of external)', null],
  rss: ['RSS', null],
};

export function leakDetectionSection({ record, analysis, verdict }: JudgedMemory): Section {
  return {
    id: 'leak-detection',
    title: 'Leak detection',
    blocks: [
      { kind: 'heading', text: 'Counts' },
      ...countBlocks(analysis),
      ...growingClassBlocks(record),
      { kind: 'heading', text: 'Growth of memory' },
      slopeTable(analysis, verdict.checks),
      { kind: 'paragraph', text: keptText(analysis) },
      ...(verdict.cyclesNote === null ? [] : [{ kind: 'paragraph', text: verdict.cyclesNote } as const]),
      {
        kind: 'paragraph',
        tone: 'muted',
        text: 'Slopes are Theil–Sen: the median over all pairs of measured cycles, with the exact interval of Kendall’s S. The trend (Mann–Kendall) is shown and never judged: a clean server grows by V8’s own code, a little less with every cycle, and a test of trend alone calls nearly every clean run a leak. Classes of Node itself and descriptors also serve the one who looks, so up to max(2, 0.2 % of the connections) of them are not held against the server; everything else counts to the last entry.',
      },
    ],
  };
}

function countBlocks({ growth, connections }: MemoryAnalysis): readonly Block[] {
  if (growth === null)
    return [{ kind: 'paragraph', tone: 'doubtful', text: 'The target does not show counts.' }];
  const grown = growth.filter(({ kind, excess }) => kind === 'structure' && excess > 0);
  const listeners = growth.filter(({ kind }) => kind === 'listener');
  const figures = [
    ...grown,
    ...growth.filter(({ kind }) => kind === 'fds' || kind === 'timers'),
    ...(listeners.some(({ excess }) => excess > 0)
      ? listeners
      : listeners.length === 0
        ? []
        : [total(listeners, connections)]),
    ...growth.filter(({ kind }) => kind === 'class'),
  ];
  return [
    {
      kind: 'table',
      columns: [
        { title: 'What' },
        { title: 'Kind' },
        ...['Baseline', 'End', 'Grown by', 'Per connection'].map(right),
        { title: 'Verdict' },
      ],
      rows: figures.map(countRow),
    },
  ];
}

/** Listeners that all stayed are one line. */
function total(listeners: readonly Growth[], connections: number): Growth {
  const sum = (pick: (listener: Growth) => number) =>
    listeners.reduce((all, listener) => all + pick(listener), 0);
  const grown = sum((listener) => listener.grown);
  return {
    kind: 'listener',
    name: `${listeners.length} events`,
    title: 'Listeners on long-lived emitters',
    baseline: sum((listener) => listener.baseline),
    end: sum((listener) => listener.end),
    grown,
    perConnection: connections === 0 ? null : grown / connections,
    bound: null,
    excess: 0,
    releasedBy: null,
  };
}

function countRow(figure: Growth): readonly Cell[] {
  const { title, name, kind, baseline, end, grown, excess } = figure;
  return [
    cell([`${title} `, code(name)]),
    cell(KIND_WORDS[kind]),
    cell(formatCount(baseline)),
    cell(formatCount(end)),
    cell(`${grown > 0 ? '+' : ''}${formatCount(grown)}`, excess > 0 ? 'bad' : undefined),
    cell(grown === 0 ? '0' : formatPerConnection(figure), excess > 0 ? 'bad' : undefined),
    excess > 0 ? cell('leaks', 'bad') : cell('ok', 'good'),
  ];
}

function slopeTable(analysis: MemoryAnalysis, checks: readonly Check[]): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'Memory after GC' },
      ...['Slope a connection', '95 % CI', 'Lower bound', 'Limit', 'Trend by chance (p)'].map(right),
      { title: 'Verdict' },
    ],
    rows: SLOPE_FIGURES.map((figure) => slopeRow(figure, analysis.slopes[figure], checks)),
  };
}

function slopeRow(figure: SlopeFigure, fit: TheilSenFit | null, checks: readonly Check[]): readonly Cell[] {
  const [title, name] = SLOPE_WORDS[figure];
  const check = checks.find((candidate) => candidate.name === name);
  const interval = fit?.interval ?? null;
  return [
    cell(title),
    cell([{ strong: formatBytes(fit?.slope ?? null) }]),
    cell(interval === null ? 'n/a' : `${formatBytes(interval[0])} to ${formatBytes(interval[1])}`),
    cell(formatBytes(fit?.lowerBound ?? null)),
    cell(check === undefined ? '–' : `≤ ${formatBytes(check.threshold)}`),
    cell(fit === null ? 'n/a' : fit.trendP < 0.001 ? '< 0.001' : fit.trendP.toFixed(3)),
    check === undefined ? cell('shown only', 'muted') : verdictCell(check),
  ];
}

function verdictCell({ verdict }: Check): Cell {
  switch (verdict) {
    case 'pass':
      return cell('pass', 'good');
    case 'fail':
      return cell('FAIL', 'bad');
    case 'inconclusive':
      return cell('inconclusive', 'doubtful');
    case 'n/a':
      return cell('n/a', 'muted');
  }
}

function keptText(analysis: MemoryAnalysis): string {
  const kept = formatKeptBytes(analysis);
  return kept === null
    ? 'How much memory stays for each connection that left cannot be said.'
    : `Memory that stays for each connection that left: ${kept}.`;
}
