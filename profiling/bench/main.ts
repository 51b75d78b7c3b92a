/**
 * `npm run bench`: what a connection and a room cost, beside bare servers in the same run.
 * Machines are noisy, so read the ratios. Entry file.
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { calibrate } from '../../load-tests/calibration/calibrate.ts';
import { LoadCoordinator } from '../../load-tests/generator/coordinator.ts';
import { type BenchServerKind, startBenchServer } from './bench-server.ts';
import { fitMemorySlope } from './memory-slope.ts';
import { measureRoom } from './room-load.ts';

const KINDS: readonly BenchServerKind[] = ['bare ws', 'touchline', 'touchline uws'];
const MEMORY_COUNTS = [2_500, 5_000, 7_500, 10_000];
const ROUNDS = 3;
const KIND_WIDTH = 'touchline uws'.length;

const coordinator = await LoadCoordinator.start({ workers: 1 });
try {
  await benchMemory();
  await benchRoom({ title: '1,000 subscribed, 10 broadcasts/s', broadcastsPerSecond: 10, measureMs: 10_000 });
  // Longer than one heartbeat (30 s), so that every connection is pinged.
  await benchRoom({ title: '1,000 idle, heartbeat 30 s', broadcastsPerSecond: 0.01, measureMs: 40_000 });
} finally {
  await coordinator.stop();
}
benchHub();
await benchGenerator();

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

/** Rounds alternate between the servers (A B A B …), each in a fresh process. */
async function benchMemory(): Promise<void> {
  console.log(
    '\nMemory: RSS a connection, subscribed to one room, after forced GC (slope over 2,500 to 10,000)',
  );
  const slopes = new Map<BenchServerKind, number[]>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const kind of MEMORY_PAIRS.flatMap(({ bare, ours }) => [bare, ours])) {
      const { bytesPerConnection, ci95Bytes } = await measureMemorySlope(kind);
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

async function measureMemorySlope(kind: BenchServerKind) {
  const server = await startBenchServer(kind);
  try {
    const points: { connections: number; rssBytes: number }[] = [];
    for (const connections of MEMORY_COUNTS) {
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

async function benchRoom(room: {
  title: string;
  broadcastsPerSecond: number;
  measureMs: number;
}): Promise<void> {
  console.log(`\nCPU of the server: ${room.title}`);
  for (const kind of KINDS) {
    const server = await startBenchServer(kind);
    try {
      const { serverCpuCores, result } = await measureRoom(coordinator, server, {
        connections: 1_000,
        ...room,
      });
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

async function benchGenerator(): Promise<void> {
  console.log('\nGenerator worker, against the built-in sink');
  const figures = await calibrate({ quick: false });
  const thousands = (count: number) => Math.round(count).toLocaleString('en');
  console.log(
    `  deliveries checked per CPU-second, one frame a read: ${thousands(figures.singleFramePerCoreSecond)} (target ≥ 80,000)`,
  );
  console.log(
    `  the same, frames coalesced: ${thousands(figures.coalescedPerCoreSecond)} (target ≥ 3,000,000)`,
  );
  console.log(`  connects per second: ${thousands(figures.connectsPerSecondPerWorker)}`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function formatBytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(2)} KB`;
}
