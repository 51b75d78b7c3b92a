/** What `heap:diff` tells people: the verdict, who leaks, who only hangs on, how they are reached. */

import { leastEverydayGrowth } from '../heap/growth/everyday-classes.ts';
import type { GrowingClass, HeapGrowth, KindGrowth, SourceLine } from '../record/heap-growth-record.ts';
import { formatBytes, formatConnections, formatCount, formatList } from '../verdict/quantities.ts';
import { leaksOf } from './heap-diff-verdict.ts';
import { table } from './verdict-text.ts';

/** A program that leaks in one place seldom has more; the JSON has all. */
const MOST_ROWS = 20;
const MOST_NAMED = 3;
const MOST_KEPT = 12;
const ROOM_FOR_NUMBERS =
  'Small numbers, true and false are in no snapshot, so the room for them is all that can be seen; it grows in leaps, and ahead of them. Those of objects, and of arrays that do not hold numbers alone, are seen with v8.writeHeapSnapshot(file, { exposeNumericValues: true }).';

/** Text for a terminal. */
export function heapDiffText(growth: HeapGrowth): string {
  const blocks = [[sentence(growth), ...snapshotLines(growth)].join('\n')];
  const leaks = leaksOf(growth);
  const { doubtful = [], unexplained = [] } = growth;
  const heads = leaks.filter(({ keptBy }) => keptBy === null);
  const kept = leaks.filter(({ keptBy }) => keptBy !== null);
  if (heads.length > 0) blocks.push(classTable(growth, heads.slice(0, MOST_ROWS)));
  if (leaks.length + doubtful.length + unexplained.length === 0) {
    blocks.push('A smaller leak shows when more happens between the snapshots.');
  }
  if (heads.length > MOST_ROWS) blocks.push(`${heads.length - MOST_ROWS} more: --json shows all.`);
  if (kept.length > 0) blocks.push(keptText(kept));
  if (doubtful.length > 0) blocks.push(doubtfulList(doubtful, growth.snapshots.length));
  if (unexplained.length > 0) blocks.push(unexplainedText(growth, unexplained));
  if ([...leaks, ...doubtful].some(({ kind }) => kind === 'place')) blocks.push(ROOM_FOR_NUMBERS);
  if (heads.length > 0) {
    const paths = heads.slice(0, MOST_ROWS).map((one) => `  ${title(one)}\n    ${pathText(one)}`);
    blocks.push(`How they are reached from the root, one of each:\n${paths.join('\n')}`);
  }
  return blocks.join('\n\n');
}

function sentence(growth: HeapGrowth): string {
  const { snapshots, leastGrowth } = growth;
  const isOneInterval = snapshots.length === 2;
  const where = isOneInterval ? 'between the two snapshots' : 'in both intervals';
  const leaks = leaksOf(growth);
  if (leaks.length === 0) {
    return (
      doubt(growth, where) ??
      `NO LEAK: no class grew ${where} by ${leastGrowth} objects or more, no collection by ${leastEverydayGrowth(leastGrowth)} entries or more.`
    );
  }
  const heads = leaks.filter(({ keptBy }) => keptBy === null);
  // What these keep alive is no leak more: it goes when they go.
  const roots = heads.length > 0 ? heads : leaks;
  const named = roots.slice(0, MOST_NAMED);
  const rest = roots.length - named.length;
  const more = rest === 0 ? [] : [`${rest} more`];
  const who = formatList([...named.map(headText), ...more]);
  if (!isOneInterval) return `LEAK: ${who} grew ${where} and stayed.`;
  return `GROWTH: ${who} grew ${where}. A third snapshot tells a leak from a program that is still warming up.`;
}

/** @returns null where nothing gives reason to doubt */
function doubt({ doubtful = [], unexplained = [], snapshots }: HeapGrowth, where: string): string | null {
  const [first] = doubtful;
  if (unexplained.length > 0) {
    const by = unexplained.map(({ kind, bytes }) => `${kind} by ${grownText(bytes, snapshots.length)}`);
    return `INCONCLUSIVE: no class and no collection explains why the heap grew ${where}: ${formatList(by)}.`;
  }
  if (first === undefined) return null;
  const more = doubtful.length === 1 ? '' : `, and ${doubtful.length - 1} more`;
  return `INCONCLUSIVE: ${doubtfulText(first, snapshots.length)}${more}; it may come to an end.`;
}

/** `1.30 MB and 1.28 MB`: in each interval. */
function grownText([first, second, last]: KindGrowth['bytes'], snapshots: number): string {
  const before = formatBytes(second - first);
  return snapshots === 2 ? before : `${before} and ${formatBytes(last - second)}`;
}

/** `Map: Store.cities grew more slowly (20 → 80 → 90 strings)`. */
function doubtfulText(one: GrowingClass, snapshots: number): string {
  const counts = countsText(one, snapshots);
  return one.kind === 'place'
    ? `${one.holder} got room for more numbers (${counts} entries)`
    : `${one.holder} grew more slowly in the second interval (${counts} ${one.name})`;
}

function doubtfulList(doubtful: readonly GrowingClass[], snapshots: number): string {
  const lines = doubtful.slice(0, MOST_ROWS).map((one) => `  ${doubtfulText(one, snapshots)}`);
  return [
    'May grow on, or come to an end:',
    ...lines,
    'Let more happen between the snapshots: what leaks then grows by as much more.',
  ].join('\n');
}

function unexplainedText({ snapshots }: HeapGrowth, unexplained: readonly KindGrowth[]): string {
  const rows = unexplained.map(({ kind, counts, bytes }) => [
    `  ${kind}`,
    counts.slice(0, snapshots.length).map(formatCount).join(' → '),
    bytes.slice(0, snapshots.length).map(formatBytes).join(' → '),
  ]);
  return [
    'What grew:',
    table([['  kind', 'alive', 'bytes'], ...rows]),
    'Look for what is spread over many small collections, or hangs on none, as a text that grows by +=.',
    'Let more happen between the snapshots: a small collection that grows is named once it has grown enough.',
  ].join('\n');
}

function countsText({ counts }: GrowingClass, snapshots: number): string {
  return counts.slice(0, snapshots).map(formatCount).join(' → ');
}

function headText(one: GrowingClass): string {
  const held = one.holder === null ? '' : ` held by ${one.holder}`;
  return `${formatCount(one.persisting)} ${title(one)}${held}`;
}

function snapshotLines({ snapshots, connections, leastGrowth }: HeapGrowth): readonly string[] {
  const files = snapshots.map(
    ({ file, bytes, objects, heapBytes }) =>
      `  ${file ?? ''}  ${formatBytes(bytes)}, ${formatCount(objects)} objects, heap ${formatBytes(heapBytes)}`,
  );
  const told =
    connections === null
      ? `Growth is counted from ${leastGrowth} objects on; --connections N gives figures per connection.`
      : `${formatConnections(connections)} ${snapshots.length === 2 ? 'between the two' : 'in each interval'}; growth is counted from ${leastGrowth} objects on.`;
  return [...files, told];
}

function classTable({ connections, snapshots }: HeapGrowth, classes: readonly GrowingClass[]): string {
  const per = connections === null ? 'interval' : 'connection';
  const head = [
    'class',
    'alive',
    'stayed',
    `per ${per}`,
    `bytes per ${per}`,
    'held by',
    'written or allocated at',
  ];
  return table([
    head,
    ...classes.map((one) => [
      title(one),
      countsText(one, snapshots.length),
      formatCount(one.persisting),
      one.countPerConnection.toFixed(2),
      formatBytes(one.bytesPerConnection),
      heldText(one),
      placeText(one),
    ]),
  ]);
}

function heldText({ holder, heldCount, persisting }: GrowingClass): string {
  if (holder === null) return 'nothing that was there before';
  return heldCount === persisting ? holder : `${holder} (${formatCount(heldCount)} of them)`;
}

function placeText({ kind, allocatedAt, definedAt }: GrowingClass): string {
  if (allocatedAt !== null)
    return kind === 'closure'
      ? lineText(allocatedAt)
      : `${lineText(allocatedAt)} ${allocatedAt.functionName}`.trim();
  return definedAt === null || definedAt === undefined ? '' : `class at ${lineText(definedAt)}`;
}

function keptText(kept: readonly GrowingClass[]): string {
  const lines = kept.slice(0, MOST_KEPT).map(keptLine);
  const rest = kept.length - lines.length;
  const more = rest === 0 ? [] : [`  … and ${rest} more: --json shows all.`];
  return ['Kept alive by these, gone when they go:', ...lines, ...more].join('\n');
}

function keptLine(one: GrowingClass): string {
  const place =
    one.kind === 'closure' && one.allocatedAt !== null ? `, written at ${lineText(one.allocatedAt)}` : '';
  return `  ${formatCount(one.persisting)} ${title(one)} by ${one.keptBy}${place}`;
}

function pathText({ path }: GrowingClass): string {
  return path.length === 0 ? 'nothing that is strong leads to it' : path.join(' → ');
}

function title({ kind, name, event }: GrowingClass): string {
  const what = kind === 'closure' ? `function ${name}` : name;
  return event === null ? what : `${what} on '${event}'`;
}

function lineText({ file, line }: SourceLine): string {
  return `${file}:${line}`;
}
