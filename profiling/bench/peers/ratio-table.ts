/** The rows of a group of cells as a table: for the terminal and for Markdown. Pure. */

import { PEERS } from '../../../load-tests/peers/run/peer-catalogue.ts';
import type { RatioEstimate } from '../../analysis/overhead/paired-ratio.ts';
import {
  formatBytes,
  formatCount,
  formatMs,
  formatPercent,
  NOT_AVAILABLE,
} from '../../verdict/quantities.ts';
import type { CellSummary, PeerRow } from './cell-summary.ts';
import type { GroupSummary } from './peers-report.ts';

/** A reader process this busy is what limits a row. */
const BUSY_READER_CORES = 0.9;
export const BUSY_READER_MARK = '†';

interface Column {
  readonly head: string;
  readonly cell: (row: PeerRow, copyBytesPerSecond: number) => string;
}

const SERVER = 'server';
const WHO: readonly Column[] = [
  { head: 'connections', cell: ({ connections }) => formatCount(connections) },
  { head: SERVER, cell: ({ peer }) => PEERS[peer].title },
  { head: 'deliveries/s', cell: formatDeliveries },
];
const TIMES: readonly Column[] = [
  { head: 'p50', cell: ({ p50Ms }) => formatMs(p50Ms) },
  { head: 'p99', cell: ({ p99Ms }) => formatMs(p99Ms) },
];
const COSTS: readonly Column[] = [
  { head: 'memory', cell: ({ rssBytes }) => formatBytes(rssBytes) },
  { head: 'server CPU', cell: ({ serverCores }) => formatCpu(serverCores) },
  { head: 'reader CPU', cell: ({ readerCores }) => formatCpu(readerCores) },
];
const SATURATED: readonly Column[] = [
  ...WHO,
  { head: '× plain ws', cell: ({ ratioToWs }) => formatMean(ratioToWs) },
  { head: '95 % CI', cell: ({ ratioToWs }) => formatInterval(ratioToWs) },
  { head: 'of the floor', cell: ({ ofFloor }) => formatPercent(ofFloor) },
  {
    head: 'of copying',
    cell: ({ wireBytesPerSecond }, copyBytesPerSecond) =>
      formatPercent(wireBytesPerSecond / copyBytesPerSecond),
  },
  ...TIMES,
  ...COSTS,
];
/** On a schedule all deliver the same: what differs is how late. */
const PACED: readonly Column[] = [
  ...WHO,
  ...TIMES,
  { head: 'p99 × floor', cell: ({ p99ToFloor }) => formatMean(p99ToFloor) },
  { head: '95 % CI', cell: ({ p99ToFloor }) => formatInterval(p99ToFloor) },
  ...COSTS,
];

/** Head and rows. */
export function groupTable(group: GroupSummary, copyBytesPerSecond: number): readonly (readonly string[])[] {
  const isPaced = group.cells.some(({ cell }) => cell.ratePerSecond > 0);
  const columns = isPaced ? PACED : SATURATED;
  const rows = group.cells.flatMap((cell) => cell.rows);
  return [
    columns.map(({ head }) => head),
    ...rows.map((row) => columns.map(({ cell }) => cell(row, copyBytesPerSecond))),
  ];
}

function formatDeliveries({ deliveriesPerSecond, readerCores }: PeerRow): string {
  const mark = readerCores >= BUSY_READER_CORES ? ` ${BUSY_READER_MARK}` : '';
  return `${formatCount(deliveriesPerSecond)}${mark}`;
}

function formatMean(estimate: RatioEstimate | null): string {
  return estimate === null ? NOT_AVAILABLE : formatRatio(estimate.ratio);
}

function formatInterval(estimate: RatioEstimate | null): string {
  return estimate === null ? NOT_AVAILABLE : `${formatRatio(estimate.low)}–${formatRatio(estimate.high)}`;
}

/** What was wrong, a sentence each: lost, repeated or damaged messages, rounds or servers that failed. */
export function problemsOf({ cell, rows, failed }: CellSummary): readonly string[] {
  const place = `${cell.format}, ${formatCount(cell.readers)} connections`;
  const ofRows = rows.flatMap(({ peer, lost, repeated, corrupt, failures }) => {
    const counts = { lost, repeated, damaged: corrupt };
    const wrong = Object.entries(counts).filter(([, count]) => count !== 0);
    const texts = wrong.map(([what, count]) => `${formatCount(count)} messages ${what}`);
    return [...texts, ...failures].map((text) => `${PEERS[peer].title} (${place}): ${text}`);
  });
  return [...ofRows, ...failed.map(({ peer, reason }) => `${PEERS[peer].title} (${place}): ${reason}`)];
}

/** `0.92`, `1.44`, `37.1`, `152`: three digits that matter. */
export function formatRatio(ratio: number): string {
  return ratio >= 100 ? formatCount(ratio) : ratio.toFixed(ratio >= 10 ? 1 : 2);
}

/**
 * Columns of even width, numbers to the right.
 *
 * @param textHead heads the one column that is text
 */
export function alignTable(rows: readonly (readonly string[])[], textHead = SERVER): string {
  const head = rows[0] ?? [];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    head[column] === textHead ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd()).join('\n');
}

/** The same rows in Markdown. */
export function markdownTable(rows: readonly (readonly string[])[], textHead = SERVER): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = head.map((name) => (name === textHead ? '---' : '---:'));
  return [line(head), line(rule), ...body.map(line)].join('\n');
}

function formatCpu(cores: number | null): string {
  return cores === null ? NOT_AVAILABLE : cores.toFixed(2);
}
