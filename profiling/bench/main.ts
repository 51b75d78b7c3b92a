/**
 * `npm run bench`: what a connection and a room cost, beside bare servers in the same run.
 * Machines are noisy, so read the ratios. Entry file.
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { calibrate } from '../../load-tests/calibration/calibrate.ts';
import { LoadCoordinator } from '../../load-tests/generator/coordinator.ts';
import { type BenchServerKind, startBenchServer } from './bench-server.ts';
import { fitMemorySlope } from './memory-slope.ts';
import { measureRoom } from './room-load.ts';

const KINDS: readonly BenchServerKind[] = ['bare ws', 'touchline', 'touchline uws'];
const KIND_WIDTH = 'touchline uws'.length;

/** What is compared, and the most that the second may cost: so much more than the first, or so many bytes. */
interface MemoryPair {
  readonly bare: BenchServerKind;
  readonly ours: BenchServerKind;
  readonly target: string;
}

const MEMORY_PAIRS: readonly MemoryPair[] = [
  { bare: 'bare ws', ours: 'touchline', target: 'ratio ≤ 1.25' },
  { bare: 'bare uws', ours: 'touchline uws', target: '≤ 2.50 KB' },
];

/** `--quick` shows that everything runs; its figures are no measurement. */
const EXTENTS = {
  full: {
    memoryCounts: [2_500, 5_000, 7_500, 10_000],
    rounds: 3,
    members: 1_000,
    busyMs: 10_000,
    // Longer than one heartbeat (30 s), so that every connection is pinged.
    idleMs: 40_000,
    scrape: { connections: 10_000, rooms: 5_000, scrapes: 50 },
  },
  quick: {
    memoryCounts: [50, 100, 150],
    rounds: 1,
    members: 50,
    busyMs: 500,
    idleMs: 500,
    scrape: { connections: 100, rooms: 50, scrapes: 5 },
  },
} as const;
type Extent = (typeof EXTENTS)[keyof typeof EXTENTS];

const USAGE = `Holds memory and CPU of the server beside bare servers, in one run of about eight minutes.

  npm run bench -- [--quick]

  --quick  a minute's trial that everything runs; its figures are no measurement
  --help   this text`;
const EXIT_USAGE = 2;

/** Rounds alternate between the servers (A B A B …), each in a fresh process. */
async function benchMemory(coordinator: LoadCoordinator, { memoryCounts, rounds }: Extent): Promise<void> {
  const [least, most] = [Math.min(...memoryCounts), Math.max(...memoryCounts)].map(formatCount);
  console.log(
    `\nMemory: RSS a connection, subscribed to one room, after forced GC (slope over ${least} to ${most})`,
  );
  const slopes = new Map<BenchServerKind, number[]>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const kind of MEMORY_PAIRS.flatMap(({ bare, ours }) => [bare, ours])) {
      const { bytesPerConnection, ci95Bytes } = await measureMemorySlope(coordinator, kind, memoryCounts);
      slopes.set(kind, [...(slopes.get(kind) ?? []), bytesPerConnection]);
      const slope = `${formatBytes(bytesPerConnection)} ± ${formatBytes(ci95Bytes)}`;
      console.log(`  round ${round}  ${kind.padEnd(KIND_WIDTH)}  ${slope}`);
    }
  }
  for (const { bare, ours, target } of MEMORY_PAIRS) {
    const [theirs, own] = [median(slopes.get(bare) ?? []), median(slopes.get(ours) ?? [])];
    const ratio = (own / theirs).toFixed(2);
    console.log(
      `  median   ${bare} ${formatBytes(theirs)}   ${ours} ${formatBytes(own)}   ratio ${ratio} (target ${target})`,
    );
  }
}

async function measureMemorySlope(
  coordinator: LoadCoordinator,
  kind: BenchServerKind,
  counts: readonly number[],
) {
  const server = await startBenchServer(kind);
  try {
    const points: { connections: number; rssBytes: number }[] = [];
    for (const connections of counts) {
      const { rssBytes } = await measureRoom(coordinator, server, {
        connections,
        broadcastsPerSecond: 1,
        measureMs: 1_000,
      });
      points.push({ connections, rssBytes });
    }
    return fitMemorySlope(points);
  } finally {
    await server.stop();
  }
}

interface BenchedRoom {
  readonly title: string;
  readonly connections: number;
  readonly broadcastsPerSecond: number;
  readonly measureMs: number;
}

async function benchRoom(coordinator: LoadCoordinator, room: BenchedRoom): Promise<void> {
  console.log(`\nCPU of the server: ${formatCount(room.connections)} ${room.title}`);
  for (const kind of KINDS) {
    const server = await startBenchServer(kind);
    try {
      const { serverCpuCores, result } = await measureRoom(coordinator, server, room);
      console.log(
        `  ${kind.padEnd(KIND_WIDTH)}  ${(serverCpuCores * 100).toFixed(1)} % of a core, ${result.ledger.unique} deliveries, ${result.ledger.lost} lost`,
      );
    } finally {
      await server.stop();
    }
  }
}

/** The hub alone, without sockets, in its own process. */
function benchHub(): void {
  console.log("\nThe hub's own state");
  const file = fileURLToPath(new URL('../../server/bench/hub-memory.js', import.meta.url));
  const { stdout } = spawnSync(process.execPath, ['--expose-gc', file], { encoding: 'utf8' });
  console.log(`  ${stdout.trim()}`);
}

/** One scrape of a server that is full, in its own process. */
function benchScrape({ scrape: { connections, rooms, scrapes } }: Extent): void {
  console.log('\nOne scrape of /metrics');
  const file = fileURLToPath(new URL('../../server/bench/scrape-cost.js', import.meta.url));
  const extent = [`--connections=${connections}`, `--rooms=${rooms}`, `--scrapes=${scrapes}`];
  const { stdout } = spawnSync(process.execPath, ['--expose-gc', file, ...extent], { encoding: 'utf8' });
  console.log(stdout.trimEnd().replaceAll(/^/gm, '  '));
}

async function benchGenerator(quick: boolean): Promise<void> {
  console.log('\nGenerator worker, against the built-in sink');
  const figures = await calibrate({ quick });
  console.log(
    `  deliveries checked per CPU-second, one frame a read: ${formatCount(figures.singleFramePerCoreSecond)} (target ≥ 80,000)`,
  );
  console.log(
    `  the same, frames coalesced: ${formatCount(figures.coalescedPerCoreSecond)} (target ≥ 3,000,000)`,
  );
  console.log(`  connects per second: ${formatCount(figures.connectsPerSecondPerWorker)}`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en');
}

function formatBytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(2)} KB`;
}

async function run(quick: boolean): Promise<void> {
  const extent = quick ? EXTENTS.quick : EXTENTS.full;
  const { members: connections, busyMs, idleMs } = extent;
  const coordinator = await LoadCoordinator.start({ workers: 1 });
  try {
    await benchMemory(coordinator, extent);
    await benchRoom(coordinator, {
      title: 'subscribed, 10 broadcasts/s',
      connections,
      broadcastsPerSecond: 10,
      measureMs: busyMs,
    });
    await benchRoom(coordinator, {
      title: 'idle, heartbeat 30 s',
      connections,
      broadcastsPerSecond: 0.01,
      measureMs: idleMs,
    });
  } finally {
    await coordinator.stop();
  }
  benchHub();
  benchScrape(extent);
  await benchGenerator(quick);
}

/** The only options there are. @returns null for anything else */
function readOptions(): { readonly quick: boolean; readonly help: boolean } | null {
  try {
    const { values } = parseArgs({
      options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    return values;
  } catch (error) {
    console.error(`TL_USAGE: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

// Last: what stands above must be there before it runs.
const options = readOptions();
if (options === null) process.exitCode = EXIT_USAGE;
else if (options.help) console.log(USAGE);
else await run(options.quick);
