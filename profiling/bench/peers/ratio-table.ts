/** The rows of a group of cells as a table: for the terminal and for Markdown. Pure. */

import { PEERS } from '../../../load-tests/peers/run/peer-catalogue.ts';
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

const HEAD = [
  'connections',
  'server',
  'deliveries/s',
  '× plain ws',
  '95 % CI',
  'of the floor',
  'of copying',
  'p50',
  'p99',
  'memory',
  'server CPU',
  'reader CPU',
] as const;

/** Head and rows. */
export function groupTable(group: GroupSummary, copyBytesPerSecond: number): readonly (readonly string[])[] {
  return [HEAD, ...group.cells.flatMap(({ rows }) => rows.map((row) => rowCells(row, copyBytesPerSecond)))];
}

function rowCells(row: PeerRow, copyBytesPerSecond: number): readonly string[] {
  const isReaderBusy = row.readerCores >= BUSY_READER_CORES;
  return [
    formatCount(row.connections),
    PEERS[row.peer].title,
    `${formatCount(row.deliveriesPerSecond)}${isReaderBusy ? ` ${BUSY_READER_MARK}` : ''}`,
    row.ratioToWs === null ? NOT_AVAILABLE : formatRatio(row.ratioToWs.ratio),
    row.ratioToWs === null
      ? NOT_AVAILABLE
      : `${formatRatio(row.ratioToWs.low)}–${formatRatio(row.ratioToWs.high)}`,
    formatPercent(row.ofFloor),
    formatPercent(row.wireBytesPerSecond / copyBytesPerSecond),
    formatMs(row.p50Ms),
    formatMs(row.p99Ms),
    formatBytes(row.rssBytes),
    formatCpu(row.serverCores),
    formatCpu(row.readerCores),
  ];
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

/** Columns of even width, numbers to the right. */
export function alignTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    HEAD[column] === 'server' ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd()).join('\n');
}

/** The same rows in Markdown. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = head.map((name) => (name === 'server' ? '---' : '---:'));
  return [line(head), line(rule), ...body.map(line)].join('\n');
}

function formatCpu(cores: number | null): string {
  return cores === null ? NOT_AVAILABLE : cores.toFixed(2);
}
