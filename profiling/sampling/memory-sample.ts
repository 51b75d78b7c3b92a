/** The target's memory at one moment, as a rule after a forced collection where that is allowed. */

import { readFile } from 'node:fs/promises';
import type { MemorySample } from '../record/tier-record.ts';
import type { ServerObservation } from './server-view.ts';

export interface MemorySampleOptions {
  /** Connections open as the load side knows it, where the target does not tell. */
  readonly connections: number;
  /** Whether kernel memory of this machine is the target's too. */
  readonly sharesMachine: boolean;
  /** Whether garbage is collected first. @defaultValue true */
  readonly collect?: boolean;
}

/** Most Linux machines; smaps says it when it is otherwise. */
const DEFAULT_PAGE_BYTES = 4_096;

/** @returns null when the target shows no metrics or does not answer */
export async function takeMemorySample(
  server: ServerObservation,
  options: MemorySampleOptions,
): Promise<MemorySample | null> {
  const forcedGc = options.collect !== false && (await server.collectGarbage());
  const reading = await server.scrape();
  if (reading === null) return null;
  return {
    connections: reading.value('touchline_connections') ?? options.connections,
    forcedGc,
    rssBytes: reading.value('process_resident_memory_bytes'),
    heapTotalBytes: reading.value('nodejs_heap_size_total_bytes'),
    heapUsedBytes: reading.value('nodejs_heap_size_used_bytes'),
    externalBytes: reading.value('nodejs_external_memory_bytes'),
    arrayBuffersBytes: reading.value('touchline_array_buffers_bytes'),
    kernelSocketBytes: options.sharesMachine ? await readKernelSocketBytes() : null,
  };
}

/** Bytes queued in TCP sockets of this machine, without the sockets themselves; null where /proc does not tell. */
export async function readKernelSocketBytes(): Promise<number | null> {
  const [sockstat, smaps] = await Promise.all([readProc('/proc/net/sockstat'), readProc('/proc/self/smaps')]);
  return sockstat === null ? null : parseKernelSocketBytes(sockstat, smaps ?? '');
}

/**
 * @param sockstat text of /proc/net/sockstat, whose `mem` counts pages
 * @param smaps text of /proc/self/smaps, which names the page size
 */
export function parseKernelSocketBytes(sockstat: string, smaps: string): number | null {
  const pages = /^TCP:.*\bmem (\d+)/m.exec(sockstat)?.[1];
  const pageKibibytes = /^KernelPageSize:\s+(\d+) kB/m.exec(smaps)?.[1];
  const pageBytes = pageKibibytes === undefined ? DEFAULT_PAGE_BYTES : Number(pageKibibytes) * 1_024;
  return pages === undefined ? null : Number(pages) * pageBytes;
}

async function readProc(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // Not Linux, or hidden: the figure is then unknown.
    return null;
  }
}
