/** Lifecycle findings: everything that must be back when everyone has left, ok or not, and the line that releases it. */

import type { Growth } from '../../analysis/lifecycle-growth.ts';
import type { MemoryAnalysis } from '../../analysis/memory/memory-analysis.ts';
import type { GrowingClass } from '../../record/heap-growth-record.ts';
import { formatGrowth } from '../../verdict/growth-text.ts';
import { grownBy, originText, thingsOf } from '../../verdict/memory/growing-words.ts';
import type { MemoryVerdict } from '../../verdict/memory/memory-verdict.ts';
import { formatCount, formatMs } from '../../verdict/quantities.ts';
import { type Block, type Cell, cell, code, type Section } from '../report-document.ts';
import type { JudgedMemory } from './judgement.ts';

const GROUPS = [
  'Close handlers',
  'Tracking structures',
  'Subscription clean-up',
  'Listeners',
  'Timers and descriptors',
  'Growing classes',
] as const;
type Group = (typeof GROUPS)[number];

/** What the handler of a connection's end must let go, and what leaving a room must; the others are structures. */
const GROUP_OF: Readonly<Record<string, Group>> = {
  'hub.connections': 'Close handlers',
  'hub.closing': 'Close handlers',
  'heartbeat.peers': 'Close handlers',
  'upgrade.addresses': 'Close handlers',
  'websocket.paused': 'Close handlers',
  'hub.roomMembers': 'Subscription clean-up',
  'hub.connectionRooms': 'Subscription clean-up',
};

export function lifecycleSection({ analysis, verdict }: JudgedMemory): Section {
  const check = verdict.checks.find(({ name }) => name === 'structures');
  const blocks: readonly Block[] =
    analysis.growth === null
      ? [
          {
            kind: 'paragraph',
            tone: 'doubtful',
            text: `Not seen: ${check?.detail ?? 'the run ended before'}.`,
          },
        ]
      : [releaseParagraph(analysis), lifecycleTable(analysis, analysis.growth, verdict)];
  return { id: 'lifecycle', title: 'Lifecycle findings', blocks };
}

function releaseParagraph({ measured, connections }: MemoryAnalysis): Block {
  const times = measured.flatMap(({ releaseMs }) => (releaseMs === null ? [] : [releaseMs]));
  const never = measured.length - times.length;
  if (never > 0) {
    const text = `In ${formatCount(never)} of ${formatCount(measured.length)} cycles the server still counted connections after the last client had left.`;
    return { kind: 'paragraph', tone: 'bad', text };
  }
  const text = `The server let go of all ${formatCount(connections)} connections by itself, each cycle within ${formatMs(Math.max(0, ...times))} of the end of the load.`;
  return { kind: 'paragraph', tone: 'good', text };
}

function lifecycleTable(
  analysis: MemoryAnalysis,
  growth: readonly Growth[],
  { growing }: MemoryVerdict,
): Block {
  const figures = [
    ...growth.filter(({ kind }) => kind !== 'class' && kind !== 'listener'),
    ...listeners(growth),
  ];
  return {
    kind: 'table',
    columns: [
      { title: 'What' },
      { title: 'Figure' },
      { title: 'Baseline', align: 'right' },
      { title: 'End', align: 'right' },
      { title: 'Verdict' },
      { title: 'Released by' },
    ],
    rows: GROUPS.flatMap((group) => [
      ...(group === 'Subscription clean-up' ? unsubscribeRows(analysis, growth) : []),
      ...figures.filter((figure) => groupOf(figure) === group).map((figure) => row(group, figure)),
      ...(group === 'Growing classes' ? growing.map(growingRow) : []),
    ]),
  };
}

/** One line for each emitter; an event whose listeners stayed has its own. */
function listeners(growth: readonly Growth[]): readonly Growth[] {
  const all = growth.filter(({ kind }) => kind === 'listener');
  const quiet = all.filter(({ excess }) => excess === 0);
  const emitters = [...new Set(quiet.map(({ title }) => title))];
  const sums = emitters.flatMap((title) => {
    const [first, ...others] = quiet.filter((listener) => listener.title === title);
    return first === undefined ? [] : [others.reduce(together, first)];
  });
  return [...all.filter(({ excess }) => excess > 0), ...sums];
}

function together(a: Growth, b: Growth): Growth {
  const [emitter = a.name] = a.name.split(':');
  return {
    ...a,
    name: `${emitter}:*`,
    baseline: a.baseline + b.baseline,
    end: a.end + b.end,
    grown: a.grown + b.grown,
  };
}

function groupOf({ kind, name }: Growth): Group {
  if (kind === 'listener') return 'Listeners';
  if (kind !== 'structure') return 'Timers and descriptors';
  return GROUP_OF[name] ?? 'Tracking structures';
}

function row(group: Group, figure: Growth): readonly Cell[] {
  const { name, title, baseline, end, bound, releasedBy } = figure;
  return [
    group === 'Listeners' ? cell([{ strong: title }]) : cell([{ strong: group }, `: ${title}`]),
    cell([code(name)]),
    cell(formatCount(baseline)),
    cell(`${formatCount(end)}${bound === null ? '' : ` (at most ${formatCount(bound)})`}`),
    resultCell(figure),
    cell(releasedBy === null ? 'not known' : [code(releasedBy)]),
  ];
}

/** What heap snapshots name: who holds it stands where the others have what it is. */
function growingRow(grown: GrowingClass): readonly Cell[] {
  const { counts, countPerConnection: perConnection, holder } = grown;
  return [
    cell([{ strong: 'Growing class' }, `: held by ${holder ?? 'nothing older'}`]),
    cell([code(thingsOf(grown))]),
    cell(formatCount(counts[0])),
    cell(formatCount(counts[2])),
    cell(`not ok: ${formatGrowth({ grown: grownBy(grown), perConnection })}`, 'bad'),
    cell(originText(grown) ?? 'not known'),
  ];
}

function resultCell(figure: Growth): Cell {
  if (figure.excess > 0) return cell(`not ok: ${formatGrowth(figure)}`, 'bad');
  return cell('ok', 'good');
}

/** The room while half of the clients had unsubscribed and everyone was still connected. */
function unsubscribeRows(
  { measured }: MemoryAnalysis,
  growth: readonly Growth[],
): readonly (readonly Cell[])[] {
  const looks = measured.flatMap(({ unsubscribed }) => unsubscribed ?? []);
  if (looks.length === 0) return [];
  const left = looks.reduce((total, look) => total + look.left, 0);
  const kept = looks.reduce((total, look) => total + look.kept, 0);
  const members = growth.find(({ name }) => name === 'hub.roomMembers');
  return [
    [
      cell([
        { strong: 'Subscription clean-up' },
        ': room entries of those that unsubscribed and stayed connected',
      ]),
      cell('after unsubscribe'),
      cell(`${formatCount(left)} left`),
      cell(`${formatCount(kept)} kept`),
      kept > 0 ? cell(`not ok: ${formatCount(kept)} kept`, 'bad') : cell('ok', 'good'),
      cell(members?.releasedBy == null ? 'not known' : [code(members.releasedBy)]),
    ],
  ];
}
