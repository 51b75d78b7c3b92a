/** What the server kept of clients that were gone, and the line that should have released it. */

import type { ChurnAnalysis, Kept } from '../../analysis/churn/churn-analysis.ts';
import type { Growth } from '../../analysis/lifecycle-growth.ts';
import { formatConnections, formatCount, formatMs } from '../../verdict/quantities.ts';
import { type Block, type Cell, type Column, cell, code, type Section } from '../report-document.ts';
import type { JudgedChurnRun } from './judged-churn-run.ts';

const right = (title: string): Column => ({ title, align: 'right' });

export function leftBehindSection({ analysis, verdict }: JudgedChurnRun): Section {
  const check = verdict.checks.find(({ name }) => name === 'structures');
  return {
    id: 'left-behind',
    title: 'What was left behind',
    blocks: [
      ...releaseBlocks(analysis),
      ...(analysis.kept.length === 0
        ? [
            {
              kind: 'paragraph',
              tone: 'doubtful',
              text: `Not seen: ${check?.detail ?? 'the run ended before'}.`,
            } as const,
          ]
        : growthBlocks(analysis)),
    ],
  };
}

function releaseBlocks({ release, unnoticedEnds }: ChurnAnalysis): readonly Block[] {
  if (release === null) return [];
  const lead = `The server let go of its last connection ${release.isLowerBound ? 'at least ' : ''}${formatMs(release.longestMs)} after the last client was gone (the longer one of churn and storm).`;
  if (release.stillHeld > 0) {
    const text = `${formatConnections(release.stillHeld)} were still held ${formatMs(release.longestMs)} after the last client of the ${release.after} was gone.`;
    return [{ kind: 'paragraph', tone: 'bad', text }];
  }
  return [{ kind: 'paragraph', tone: (unnoticedEnds ?? 0) > 0 ? 'bad' : 'good', text: lead }];
}

function growthBlocks({ kept }: ChurnAnalysis): readonly Block[] {
  const shown = rowsOf(kept);
  const hidden = (kept.at(-1)?.growth.length ?? 0) - shown.length;
  return [
    {
      kind: 'table',
      columns: [
        { title: 'What' },
        right('Before'),
        ...kept.map(({ after }) => right(`After the ${after}`)),
        { title: 'Verdict' },
        { title: 'Released by' },
      ],
      rows: shown.map((row) => growthRow(row)),
    },
    {
      kind: 'paragraph',
      tone: 'muted',
      text: `${hidden > 0 ? `${formatCount(hidden)} further figures (listeners, bounded histories) are back at their baseline, too. ` : ''}Descriptors are counted without sockets whose other end is open as well (the profiler's own scrapes). Histories and rings may fill up to their bound. Classes of Node itself also serve the one who looks, so up to max(2, 0.2 % of the connections) of them are not held against the server; everything else counts to the last entry.`,
    },
  ];
}

/** One figure at every look. */
type Row = readonly Growth[];

/** What grew, and what everyone asks for; the rest would only be long. */
const ALWAYS: ReadonlySet<string> = new Set([
  'hub.connections',
  'hub.rooms',
  'hub.roomMembers',
  'hub.connectionRooms',
  'heartbeat.peers',
  'upgrade.addresses',
  'heartbeat.timers',
  'timers',
  'openFds',
]);

function rowsOf(kept: readonly Kept[]): readonly Row[] {
  const rows = (kept[0]?.growth ?? []).map(({ kind, name }) =>
    kept.flatMap(({ growth }) => growth.filter((figure) => figure.kind === kind && figure.name === name)),
  );
  return rows.filter((row) => row.some(isShown));
}

function isShown({ kind, name, excess }: Growth): boolean {
  return excess > 0 || kind === 'class' || ALWAYS.has(name);
}

function growthRow(row: Row): readonly Cell[] {
  const [first] = row;
  const isKept = row.some(({ excess }) => excess > 0);
  return [
    cell([`${first?.title ?? ''} `, code(first?.name ?? '')]),
    cell(formatCount(first?.baseline ?? null)),
    ...row.map(({ end, excess }) => cell(formatCount(end), excess > 0 ? 'bad' : undefined)),
    isKept ? cell('kept', 'bad') : cell('ok', 'good'),
    cell(first?.releasedBy === null || first === undefined ? '–' : [code(first.releasedBy)]),
  ];
}
