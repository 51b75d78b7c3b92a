/** A memory run as a clean server would leave it, with knobs for what leaks. */

import { analyseMemory } from '../analysis/memory/analyse-memory.ts';
import type { GrowingClass, HeapGrowth } from '../record/heap-growth-record.ts';
import type { LifecycleSample } from '../record/lifecycle-record.ts';
import type { MemoryCycle, MemoryRecord } from '../record/memory-record.ts';
import type { MemorySample } from '../record/tier-record.ts';
import { judgeMemory } from '../verdict/memory/judge-memory.ts';
import type { MemoryVerdict } from '../verdict/memory/memory-verdict.ts';
import type { Check } from '../verdict/verdict.ts';
import { sampleEnvelope } from './sample-record.ts';
import { sampleTier, type TierKnobs } from './sample-tier.ts';

const CONNECTIONS = 100;
const WARM_UPS = 3;
/** What V8's own code adds to a clean heap with each cycle. */
const CODE_BYTES_PER_CYCLE = 5_000;

type Counts = Readonly<Record<string, number>>;

export interface MemoryKnobs {
  readonly record?: Partial<MemoryRecord>;
  /** Measured cycles. @defaultValue 10 */
  readonly cycles?: number;
  /** Of each cycle. @defaultValue 100 */
  readonly connections?: number;
  /** More at the end than at the baseline. */
  readonly grown?: {
    readonly structures?: Counts;
    readonly listeners?: Counts;
    readonly classes?: Counts;
    readonly timers?: number;
    readonly openFds?: number;
  };
  /** Bytes that each connection leaves in the heap, and outside of it. */
  readonly heapBytes?: number;
  readonly externalBytes?: number;
  /** Room entries that each measured cycle keeps of those that unsubscribed. */
  readonly keptMembers?: number;
  /** Of every cycle's load. */
  readonly tier?: TierKnobs;
  /** Replaces members of every cycle. */
  readonly cycle?: Partial<MemoryCycle>;
}

/** Three warm-up and ten measured cycles of 100; everything is back at its baseline. */
export function sampleMemory(knobs: MemoryKnobs = {}): MemoryRecord {
  const cycles = knobs.cycles ?? 10;
  return {
    ...sampleEnvelope('memory'),
    scenario: 'memory',
    connections: knobs.connections ?? CONNECTIONS,
    initial: memoryAt(0, 0, knobs),
    cycles: [
      ...Array.from({ length: WARM_UPS }, (_, index) => sampleCycle('warm-up', index - WARM_UPS, knobs)),
      ...Array.from({ length: cycles }, (_, index) => sampleCycle('measured', index, knobs)),
    ],
    final: memoryAt(cycles, 0, knobs),
    baseline: sampleLifecycle(),
    end: sampleLifecycle(knobs.grown),
    releasePoints: {
      'hub.connections': 'server/hub/hub.ts:106, Hub.disconnected',
      'hub.roomMembers': 'server/hub/hub.ts:290, Hub.#leave',
      'hub.messagesHistory': 'server/hub/room-history.ts:31, RoomHistory.keep',
      httpServer: 'server/transport/peers.ts:125, Peers.closed',
      Connection: 'server/hub/hub.ts:106, Hub.disconnected',
      Timeout: 'server/transport/peers.ts:125, Peers.closed',
    },
    heapGrowth: sampleHeapGrowth(),
    allocationProfile: null,
    profilerHeap: { baselineBytes: 12_000_000, endBytes: 12_400_000 },
    ...knobs.record,
  };
}

/** What three snapshots of this server say; kept where classes grow. */
export function sampleHeapGrowth(classes: readonly GrowingClass[] = []): HeapGrowth {
  const isKept = classes.length > 0;
  return {
    snapshots: [1, 2, 3].map((number) => ({
      file: isKept ? `heap/${number}.heapsnapshot` : null,
      bytes: 12_000_000 + number * 1_000,
      objects: 140_000,
      heapBytes: 18_400_000,
      durationMs: 900,
    })),
    connections: 500,
    leastGrowth: 3,
    classes: [...classes],
  };
}

/** 1,000 of a class, a third of a kilobyte each, in a map. */
export function sampleGrowingClass(changes: Partial<GrowingClass> = {}): GrowingClass {
  return {
    kind: 'object',
    name: 'ClientSession',
    counts: [0, 500, 1_000],
    persisting: 500,
    countPerConnection: 1,
    bytesPerConnection: 312,
    holder: 'Map: Registry.sessions',
    heldCount: 1_000,
    path: ['Registry', '.sessions → Map', 'ClientSession'],
    event: null,
    keptBy: null,
    allocatedAt: { functionName: 'opened', file: 'server/registry.ts', line: 39 },
    ...changes,
  };
}

/** @param index of the measured cycles from 0; warm-up cycles are below */
function sampleCycle(kind: MemoryCycle['kind'], index: number, knobs: MemoryKnobs): MemoryCycle {
  const connections = knobs.connections ?? CONNECTIONS;
  const { load, serverCounters } = sampleTier(connections, { durationMs: 500, ...knobs.tier });
  const left = Math.floor(connections / 2);
  const keptMembers = kind === 'measured' ? (knobs.keptMembers ?? 0) : 0;
  const done = Math.max(0, index + 1);
  const partLeft = sampleLifecycle({ structures: { 'hub.roomMembers': connections - left + keptMembers } });
  return {
    kind,
    load: { ...load, leftEarly: { asked: left, acknowledged: left } },
    serverCounters,
    connected: { ...memoryAt(done, connections, knobs), forcedGc: false },
    partLeft,
    releaseMs: 4 + (index & 1),
    closed: { ...memoryAt(done, 0, knobs), forcedGc: false },
    collected: memoryAt(done, 0, knobs),
    left: sampleLifecycle(),
    ...knobs.cycle,
  };
}

/** After so many measured cycles. */
function memoryAt(cycles: number, connections: number, knobs: MemoryKnobs): MemorySample {
  const gone = cycles * (knobs.connections ?? CONNECTIONS);
  const heapUsedBytes =
    18_400_000 +
    cycles * CODE_BYTES_PER_CYCLE +
    gone * (knobs.heapBytes ?? 0) +
    // A little up, a little down.
    ((cycles * 7) % 5) * 1_000 +
    connections * 16_000;
  const externalBytes = 2_700_000 + gone * (knobs.externalBytes ?? 0) + connections * 900;
  return {
    connections,
    forcedGc: true,
    rssBytes: 86_000_000 + cycles * 60_000,
    heapTotalBytes: 24_000_000,
    heapUsedBytes,
    externalBytes,
    arrayBuffersBytes: 120_000 + gone * (knobs.externalBytes ?? 0),
    kernelSocketBytes: 1_200_000,
  };
}

function sampleLifecycle(grown: MemoryKnobs['grown'] = {}): LifecycleSample {
  const structures = {
    'hub.connections': 0,
    'hub.rooms': 0,
    'hub.roomMembers': 0,
    'hub.messagesHistory': 100,
    'hub.closedRing': 256,
    'heartbeat.peers': 0,
  };
  const listeners = { 'httpServer:upgrade': 1, 'process:SIGTERM': 1 };
  const classes = {
    Connection: 0,
    Room: 1,
    Peer: 0,
    WebSocket: 0,
    Socket: 3,
    IncomingMessage: 1,
    ServerResponse: 1,
    Timeout: 7,
    Buffer: 22,
  };
  return {
    structures: plus(structures, grown.structures),
    bounds: { 'hub.messagesHistory': 100, 'hub.closedRing': 256 },
    listeners: plus(listeners, grown.listeners),
    timers: 2 + (grown.timers ?? 0),
    openFds: 23 + (grown.openFds ?? 0),
    classes: plus(classes, grown.classes),
  };
}

function plus(counts: Counts, more: Counts = {}): Record<string, number> {
  const names = new Set([...Object.keys(counts), ...Object.keys(more)]);
  return Object.fromEntries([...names].map((name) => [name, (counts[name] ?? 0) + (more[name] ?? 0)]));
}

/** Judges a sample in one call. */
export function judgeMemorySample(knobs: MemoryKnobs = {}): MemoryVerdict {
  const record = sampleMemory(knobs);
  return judgeMemory(record, analyseMemory(record));
}

/** @throws Error when there is no such check */
export function memoryCheckOf(verdict: MemoryVerdict, name: string): Check {
  const check = verdict.checks.find((candidate) => candidate.name === name);
  if (check === undefined) throw new Error(`no check named ${name}`);
  return check;
}
