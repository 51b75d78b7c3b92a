/** What the profiles of a run say: one section for CPU, one for the heap; nothing without `--profile`. */

import type {
  CpuProfileRecord,
  HeapProfileRecord,
  ProfiledFunction,
  Profiles,
  RoomShare,
} from '../../record/profile-record.ts';
import type { RunEnvelope } from '../../record/run-envelope.ts';
import { hottestOf, isOurs, placeOf } from '../../verdict/findings/hottest-function.ts';
import { formatBytes, formatMs, formatPercent } from '../../verdict/quantities.ts';
import { drawFlameGraph } from '../charts/flame-graph.ts';
import { formatDuration, formatPlural } from '../format.ts';
import {
  type Block,
  type Cell,
  cell,
  code,
  link,
  type RichText,
  type Section,
  strong,
} from '../report-document.ts';

const MOST_FUNCTIONS = 15;
const MOST_ROOMS = 14;
const LOOKED_FOR = ['garbage collection', 'native writes'];
/** With fewer looks a share of a few percent is a matter of luck. */
const FEW_BUSY_SAMPLES = 200;

/** Sections to stand behind the findings. */
export function profileSections({ profiles }: RunEnvelope): readonly Section[] {
  if (profiles === undefined) return [];
  const cpu = drawnOf(profiles.cpu);
  const heap = drawnOf(profiles.heap);
  const sections: Section[] = [];
  if (cpu !== undefined) {
    sections.push({
      id: 'cpu-profile',
      title: 'Where CPU time goes',
      blocks: cpuBlocks(cpu, profiles),
    });
  }
  if (heap !== undefined) {
    sections.push({
      id: 'heap-profile',
      title: 'Who allocates what stays',
      blocks: heapBlocks(heap, profiles),
    });
  }
  if (profiles.missing.length === 0) return sections;
  const missing: readonly Block[] = [
    { kind: 'paragraph', text: 'These windows have no profile:', tone: 'doubtful' },
    { kind: 'list', items: profiles.missing },
  ];
  const last = sections.at(-1);
  if (last === undefined) return [{ id: 'cpu-profile', title: 'Profiles', blocks: missing }];
  return [...sections.slice(0, -1), { ...last, blocks: [...last.blocks, ...missing] }];
}

/** The one whose calls were kept; where nothing was busy enough to be drawn, the last. */
export function drawnOf<Profile extends { readonly calls: readonly unknown[] }>(
  profiles: readonly Profile[],
): Profile | undefined {
  return profiles.find(({ calls }) => calls.length > 0) ?? profiles.at(-1);
}

function cpuBlocks(drawn: CpuProfileRecord, { cpu, windows }: Profiles): readonly Block[] {
  const { functions, calls, step, busyMs, durationMs } = drawn;
  return [
    { kind: 'paragraph', text: hottestSentence(drawn) },
    ...ownBlocks(functions, 'of busy time'),
    functionTable(functions, 'busy time'),
    { kind: 'heading', text: 'By room of the house' },
    shareTable(cpuShares(drawn)),
    ...flameGraph(calls, {
      name: 'flame-graph',
      title: `Flame graph of ${step}`,
      whole: `${formatMs(busyMs)} of busy time in ${formatDuration(durationMs)}`,
    }),
    ...windowBlocks(
      cpu.map((profile) => ({ ...profile, amount: formatPercent(1 - profile.idleRatio) })),
      { amount: 'Busy', windows },
    ),
    { kind: 'paragraph', text: howItWasTaken(drawn), tone: 'muted' },
  ];
}

function heapBlocks(drawn: HeapProfileRecord, { heap, windows }: Profiles): readonly Block[] {
  const { functions, calls, step, liveBytes, intervalBytes } = drawn;
  const [top] = functions;
  const sentence: RichText =
    top === undefined
      ? `Nothing that was allocated in ${step} was alive at its end.`
      : [
          strong(top.functionName),
          ` at `,
          code(placeOf(top)),
          ` allocated most of what was alive at the end of ${step}: ${formatPercent(top.selfRatio)} of ${formatBytes(liveBytes)}.`,
        ];
  return [
    { kind: 'paragraph', text: sentence },
    ...ownBlocks(functions, 'of live bytes'),
    functionTable(functions, 'live bytes'),
    { kind: 'heading', text: 'By room of the house' },
    shareTable(roomShares(drawn.rooms).map(([room, ratio]) => [room, ratio, liveBytes * ratio, formatBytes])),
    ...flameGraph(calls, {
      name: 'flame-graph-heap',
      title: `Allocations of ${step} that stayed`,
      whole: `${formatBytes(liveBytes)} alive at the end`,
    }),
    ...windowBlocks(
      heap.map((profile) => ({ ...profile, amount: formatBytes(profile.liveBytes) })),
      { amount: 'Alive', windows },
    ),
    {
      kind: 'paragraph',
      text: `Sampled once in ${formatBytes(intervalBytes)} allocated, on average; what was collected before the end is not in it. ${OPENS_IN}`,
      tone: 'muted',
    },
  ];
}

function hottestSentence(drawn: CpuProfileRecord): RichText {
  const { step, busyMs, durationMs } = drawn;
  const top = hottestOf(drawn);
  const busy = `In ${step} the server was busy for ${formatMs(busyMs)} of ${formatDuration(durationMs)}`;
  if (top === undefined) return `${busy}.`;
  return [
    strong(top.functionName),
    ' at ',
    code(placeOf(top)),
    ` is the hottest function: ${formatPercent(top.selfRatio)} of busy time. ${busy} (${formatPercent(busyMs / durationMs)}).`,
  ];
}

/** Node and packages are seldom what can be mended first. */
function ownBlocks(functions: readonly ProfiledFunction[], ofWhat: string): readonly Block[] {
  const own = functions.find(isOurs);
  if (own === functions[0]) return [];
  if (own === undefined) {
    return [{ kind: 'paragraph', text: 'None of the hottest functions is in our own code.' }];
  }
  const text = [
    'In our own code it is ',
    strong(own.functionName),
    ' at ',
    code(placeOf(own)),
    `: ${formatPercent(own.selfRatio)} ${ofWhat}, ${formatPercent(own.totalRatio)} with what it calls.`,
  ];
  return [{ kind: 'paragraph', text }];
}

function functionTable(functions: readonly ProfiledFunction[], ofWhat: string): Block {
  return {
    kind: 'table',
    columns: [
      { title: `Function, by share of ${ofWhat}` },
      { title: 'Self', align: 'right' },
      { title: 'Total', align: 'right' },
      { title: 'Where' },
      { title: 'Room' },
    ],
    rows: functions
      .slice(0, MOST_FUNCTIONS)
      .map((called) => [
        cell([code(called.functionName)]),
        cell(formatPercent(called.selfRatio)),
        cell(formatPercent(called.totalRatio)),
        cell(placeOf(called), called.file === '' ? 'muted' : undefined),
        cell(called.room),
      ]),
  };
}

type Share = readonly [string, number, number, (amount: number) => string];

/** Idle first, then the rooms; shares of busy time. */
function cpuShares({
  rooms,
  busyMs,
  durationMs,
  idleRatio,
  profilerRatio,
}: CpuProfileRecord): readonly Share[] {
  const ofWindow: readonly Share[] = [
    ['idle, of the window', idleRatio, durationMs * idleRatio, formatMs],
    ...(profilerRatio < 0.001
      ? []
      : [
          [
            'the profiler itself, of the window',
            profilerRatio,
            durationMs * profilerRatio,
            formatMs,
          ] as const,
        ]),
  ];
  return [
    ...ofWindow,
    ...roomShares(rooms, LOOKED_FOR).map(([room, ratio]): Share => [room, ratio, busyMs * ratio, formatMs]),
  ];
}

/** What people look for first is told where it is nothing, too; the smallest are told as one. */
function roomShares(
  rooms: readonly RoomShare[],
  always: readonly string[] = [],
): readonly (readonly [string, number])[] {
  const shares = rooms.map(({ room, selfRatio }) => [room, selfRatio] as const);
  const isLookedFor = ([room]: readonly [string, number]) => always.includes(room);
  const lookedFor = always.map((room) => shares.find(([name]) => name === room) ?? ([room, 0] as const));
  const others = shares.filter((share) => !isLookedFor(share));
  const rest = others.slice(MOST_ROOMS);
  const sum = rest.reduce((total, [, ratio]) => total + ratio, 0);
  return [
    ...lookedFor,
    ...others.slice(0, MOST_ROOMS),
    ...(rest.length === 0 ? [] : [[formatPlural(rest.length, 'smaller room'), sum] as const]),
  ];
}

function shareTable(shares: readonly Share[]): Block {
  return {
    kind: 'table',
    columns: [{ title: 'Room' }, { title: 'Self', align: 'right' }, { title: 'Amount', align: 'right' }],
    rows: shares.map(([room, ratio, amount, format]) => [
      cell(room),
      cell(formatPercent(ratio)),
      cell(format(amount)),
    ]),
  };
}

function flameGraph(
  calls: CpuProfileRecord['calls'],
  { name, title, whole }: { readonly name: string; readonly title: string; readonly whole: string },
): readonly Block[] {
  if (calls.length === 0) return [];
  const widest = calls.filter(({ caller }) => caller === -1).map(({ functionName }) => functionName);
  const alt = `${title}: ${formatPlural(calls.length, 'call')} of 0.5 % or more, callers below what they call; at the ground ${widest.slice(0, 3).join(', ')}`;
  const explained =
    'A call is as wide as what it took with all that it calls; callers stand below. Point at one to see its place.';
  return [
    { kind: 'charts', charts: [drawFlameGraph({ name, title, alt, whole, calls })] },
    { kind: 'paragraph', text: explained, tone: 'muted' },
  ];
}

interface ProfiledWindow {
  readonly step: string;
  readonly file: string;
  readonly amount: string;
  readonly functions: readonly ProfiledFunction[];
}

function windowBlocks(
  profiled: readonly ProfiledWindow[],
  { amount, windows }: { readonly amount: string; readonly windows: number },
): readonly Block[] {
  const kept = windows > profiled.length ? `: the ${profiled.length} largest of ${windows}` : '';
  return [
    { kind: 'heading', text: `Every window${kept}` },
    {
      kind: 'table',
      columns: [
        { title: 'Window' },
        { title: amount, align: 'right' },
        { title: 'Hottest functions, self' },
        { title: 'Profile' },
      ],
      rows: profiled.map(windowRow),
    },
  ];
}

function windowRow({ step, file, amount, functions }: ProfiledWindow): readonly Cell[] {
  const hottest = functions
    .slice(0, 3)
    .map(({ functionName, selfRatio }) => `${functionName} ${formatPercent(selfRatio)}`);
  return [cell(step), cell(amount), cell(hottest.join(', ')), cell([link(file, file)])];
}

const OPENS_IN =
  'The profiles open in speedscope and in the DevTools of Chrome (Performance or Memory, “Load profile”).';

function howItWasTaken({ intervalUs, samples, idleRatio }: CpuProfileRecord): string {
  const busy = Math.round(samples * (1 - idleRatio));
  const rough =
    busy < FEW_BUSY_SAMPLES ? `, only ${busy} of them busy, so shares are rough: measure longer` : '';
  return `The stack was looked at every ${intervalUs.toLocaleString('en-US')} µs: ${formatPlural(samples, 'sample')}${rough}. Shares of functions and rooms are of busy time. What V8 inlined before the profile began counts with its caller. ${OPENS_IN}`;
}
