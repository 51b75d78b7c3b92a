/** What the process uses of the machine: CPU, memory, file descriptors. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import { ActiveResources } from './active-resources.ts';

export interface MemoryUsage {
  readonly rssBytes: number;
  readonly heapTotalBytes: number;
  readonly heapUsedBytes: number;
  readonly externalBytes: number;
  readonly arrayBuffersBytes: number;
}

export interface ProcessUsage {
  readonly cpuUserSeconds: number;
  readonly cpuSystemSeconds: number;
  /** Unix time. */
  readonly startedAtSeconds: number;
  readonly memory: MemoryUsage;
  /** Used bytes by space of the V8 heap: new, old, code, large_object … */
  readonly heapSpaceUsedBytes: Readonly<Record<string, number>>;
  /** What keeps the event loop alive, counted by type; where counting is dear, a count of a few seconds ago. */
  readonly activeResources: ReadonlyMap<string, number>;
  /** null where /proc does not tell. */
  readonly openFds: number | null;
  /** The hard limit, up to which Node raises its own at start; null where /proc does not tell, Infinity when unlimited. */
  readonly maxFds: number | null;
}

/** Shared by all who scrape this process, so that it is counted no more often for two of them. */
const activeResources = new ActiveResources();

/** Reads everything; file-descriptor figures are there on Linux only. */
export async function readProcessUsage(): Promise<ProcessUsage> {
  const [openFds, maxFds] = await Promise.all([countOpenFds(), readMaxFds()]);
  const cpu = process.cpuUsage();
  return {
    cpuUserSeconds: cpu.user / 1e6,
    cpuSystemSeconds: cpu.system / 1e6,
    startedAtSeconds: performance.timeOrigin / 1000,
    memory: readMemoryUsage(),
    heapSpaceUsedBytes: readHeapSpaces(),
    activeResources: activeResources.read(),
    openFds,
    maxFds,
  };
}

/** `process.memoryUsage()` with units in the names. */
export function readMemoryUsage(): MemoryUsage {
  const usage = process.memoryUsage();
  return {
    rssBytes: usage.rss,
    heapTotalBytes: usage.heapTotal,
    heapUsedBytes: usage.heapUsed,
    externalBytes: usage.external,
    arrayBuffersBytes: usage.arrayBuffers,
  };
}

function readHeapSpaces(): Readonly<Record<string, number>> {
  return Object.fromEntries(
    getHeapSpaceStatistics().map(({ space_name, space_used_size }) => [
      space_name.replace(/_space$/, ''),
      space_used_size,
    ]),
  );
}

/** Reads the hard limit out of `/proc/<pid>/limits`; null when the line is not there. */
export function parseMaxFds(limits: string): number | null {
  const hardLimit = /^Max open files\s+\S+\s+(\d+|unlimited)\s/m.exec(limits)?.[1];
  if (hardLimit === undefined) return null;
  return hardLimit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hardLimit);
}

/** Open file descriptors of this process; null where `/proc/self/fd` is missing. */
export async function countOpenFds(): Promise<number | null> {
  try {
    // Since Linux 6.2 the folder's size is the count, which spares listing 10,000 names at each scrape.
    const { size } = await stat('/proc/self/fd');
    return size > 0 ? size : await listOpenFds();
  } catch {
    return null;
  }
}

async function listOpenFds(): Promise<number> {
  // Listing opens the folder itself for a moment.
  return (await readdir('/proc/self/fd')).length - 1;
}

async function readMaxFds(): Promise<number | null> {
  try {
    return parseMaxFds(await readFile('/proc/self/limits', 'utf8'));
  } catch {
    return null;
  }
}
