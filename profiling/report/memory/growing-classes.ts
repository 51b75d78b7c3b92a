/** What heap snapshots say: the classes that grow, who holds them, where they were made, and the files to look into. */

import type { GrowingClass, HeapGrowth } from '../../record/heap-growth-record.ts';
import type { MemoryRecord } from '../../record/memory-record.ts';
import { formatPerConnection } from '../../verdict/growth-text.ts';
import { originText, thingsOf } from '../../verdict/memory/growing-words.ts';
import { judgedGrowth } from '../../verdict/memory/judged-growth.ts';
import { formatBytes, formatCount, formatMs } from '../../verdict/quantities.ts';
import {
  type Block,
  type Cell,
  type Column,
  cell,
  code,
  type Inline,
  link,
  type RichText,
  strong,
} from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });

const RSS_NOTE =
  'Taking a snapshot needs memory of its own, which the server keeps: from the first one on its RSS is higher than it would be. Heap and external memory are not.';

/** Blocks for the section on leak detection; empty for a record from before there were snapshots. */
export function growingClassBlocks(record: MemoryRecord): readonly Block[] {
  const { heapGrowth, noHeapGrowth } = record;
  const heading: Block = { kind: 'heading', text: 'Classes that grow, by heap snapshots' };
  if (heapGrowth == null) {
    if (noHeapGrowth === undefined) return [];
    const text = `No heap snapshots were compared: ${noHeapGrowth}. The counts above decide alone, and nobody names the holder.`;
    return [heading, { kind: 'paragraph', tone: 'doubtful', text }];
  }
  return [
    heading,
    ...classBlocks(heapGrowth),
    snapshotTable(heapGrowth),
    { kind: 'paragraph', tone: 'muted', text: RSS_NOTE },
    filesParagraph(record, heapGrowth),
  ];
}

function classBlocks(growth: HeapGrowth): readonly Block[] {
  const { leastGrowth } = growth;
  const classes = shownGrowth(growth);
  const judged = judgedGrowth(growth);
  const rule = `A class leaks when at least ${formatCount(leastGrowth)} more of it are there after each half of the cycles, and as many of those that the first half left behind are still there at the end; strings, numbers and entries of one collection, when each half adds a tenth of its connections.`;
  if (classes.length === 0) {
    const text = `No class of objects, closures or native things grew, and no collection of strings or numbers. ${rule}`;
    return [{ kind: 'paragraph', tone: 'good', text }];
  }
  return [
    { kind: 'paragraph', text: rule },
    {
      kind: 'table',
      columns: [
        { title: 'Class' },
        ...['After the warm-up', 'After half', 'At the end', 'Per connection', 'Bytes a connection'].map(
          right,
        ),
        { title: 'Held by' },
        { title: 'Where from' },
      ],
      rows: classes.map((grown) => classRow(grown, judged.includes(grown))),
    },
    ...pathBlocks(classes),
  ];
}

/** Collections that grew by less than what decides are shown all the same. */
function shownGrowth({ classes, collections = [] }: HeapGrowth): readonly GrowingClass[] {
  return [...classes, ...collections];
}

function classRow(grown: GrowingClass, isJudged: boolean): readonly Cell[] {
  const { counts, countPerConnection, bytesPerConnection } = grown;
  const isCause = isJudged && grown.keptBy === null;
  return [
    cell(thingsOf(grown), isCause ? 'bad' : 'muted'),
    ...counts.map((count) => cell(formatCount(count))),
    cell(formatPerConnection({ perConnection: countPerConnection })),
    cell(formatBytes(bytesPerConnection)),
    cell(holderText(grown)),
    cell(originText(grown) ?? 'not known'),
  ];
}

function holderText({ holder, keptBy }: GrowingClass): RichText {
  if (holder !== null) return [code(holder)];
  return keptBy === null ? 'nothing older' : ['kept alive by ', code(keptBy)];
}

/** From a root down to one of each, for those that nothing else of the table keeps alive. */
function pathBlocks(classes: readonly GrowingClass[]): readonly Block[] {
  const named = classes.filter(({ keptBy, path }) => keptBy === null && path.length > 0);
  const items = named.map((grown): readonly Inline[] => [
    strong(thingsOf(grown)),
    ': ',
    ...grown.path.flatMap((step, index) => (index === 0 ? [code(step)] : [' → ', code(step)])),
  ]);
  return items.length === 0
    ? []
    : [
        { kind: 'paragraph', text: 'How one of them is reached:' },
        { kind: 'list', items },
      ];
}

const WHEN = ['After the warm-up', 'After half of the cycles', 'At the end'] as const;

function snapshotTable({ snapshots }: HeapGrowth): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'Snapshot' },
      ...['Heap', 'Objects', 'File size', 'Server stood still'].map(right),
      { title: 'File' },
    ],
    rows: snapshots.map(({ file, bytes, objects, heapBytes, durationMs }, index) => [
      cell(WHEN[index] ?? `Snapshot ${index + 1}`),
      cell(formatBytes(heapBytes)),
      cell(formatCount(objects)),
      cell(formatBytes(bytes)),
      cell(formatMs(durationMs)),
      cell(file === null ? 'removed after reading' : [link(file, file)]),
    ]),
  };
}

function filesParagraph({ allocationProfile }: MemoryRecord, { snapshots }: HeapGrowth): Block {
  const files = snapshots.flatMap(({ file }) => file ?? []);
  if (files.length === 0) {
    const text =
      'Snapshots hold every string of the server, so they are kept only where the run failed or --profile heap asked for them.';
    return { kind: 'paragraph', tone: 'muted', text };
  }
  const profile: readonly Inline[] =
    allocationProfile == null
      ? []
      : [
          ' What was allocated meanwhile and is still alive, by function: ',
          link(allocationProfile, allocationProfile),
          '.',
        ];
  return {
    kind: 'paragraph',
    text: [
      'Compare them again, in the folder of this run: ',
      code(`npm run heap:diff -- ${files.join(' ')}`),
      '. They open in the Memory tab of Chromium’s DevTools, and hold every string of the server: keep them to yourself.',
      ...profile,
    ],
  };
}
