/** How many connections file descriptors allow on each side. */

import { readFile } from 'node:fs/promises';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';

/** Descriptors a process needs beside its connections: log, epoll, IPC, listening sockets, scrapes. */
const RESERVED_FDS = 200;

/** Hard limit of open files, which Node raises its soft limit to; null where /proc does not tell. */
export async function readFdLimit(): Promise<number | null> {
  try {
    return parseFdLimit(await readFile('/proc/self/limits', 'utf8'));
  } catch {
    // Not Linux: unknown.
    return null;
  }
}

/** @param limits text of /proc/self/limits; `unlimited` is no known number, so null */
export function parseFdLimit(limits: string): number | null {
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1];
  return hard === undefined ? null : Number(hard);
}

export interface FdDemand {
  readonly largestTier: number;
  /** Whether one server process of this machine must hold the whole tier. */
  readonly spawnsServer: boolean;
  /** As asked for; undefined when the profiler chooses. */
  readonly workers: number | undefined;
  /** Null when it is not known: then nothing is refused. */
  readonly fdLimit: number | null;
}

/** Fewest generator workers whose descriptors hold the tier. */
export function workersForFds(largestTier: number, fdLimit: number | null): number {
  return fdLimit === null ? 1 : Math.ceil(largestTier / Math.max(1, fdLimit - RESERVED_FDS));
}

/**
 * Refuses a tier that descriptors cannot hold, before anything is started.
 *
 * @throws TouchlineError `TL_USAGE` saying which side's limit it is and what to do
 */
export function assertFdsSuffice({ largestTier, spawnsServer, workers, fdLimit }: FdDemand): void {
  if (fdLimit === null) return;
  const perProcess = Math.max(1, fdLimit - RESERVED_FDS);
  if (spawnsServer && largestTier > perProcess) {
    throw new TouchlineError(
      'TL_USAGE',
      `expected at most ${perProcess} connections at a time; received ${largestTier}. One server process may open ${fdLimit} files here (${RESERVED_FDS} are kept back): raise ulimit -n, or measure a larger server with --url`,
    );
  }
  if (workers !== undefined && largestTier > workers * perProcess) {
    throw new TouchlineError(
      'TL_USAGE',
      `expected --workers ${workersForFds(largestTier, fdLimit)} or more for ${largestTier} connections; received ${workers}. One generator worker may open ${fdLimit} files here (${RESERVED_FDS} are kept back)`,
    );
  }
}
