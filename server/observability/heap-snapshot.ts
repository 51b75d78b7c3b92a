/** Heap snapshots, one at a time, into a file that only this user can read. */

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { getHeapSnapshot } from 'node:v8';
import { TouchlineError } from '../protocol/touchline-error.ts';

export interface HeapSnapshot {
  /** The file; a snapshot holds every string of the process, secrets included. It is the caller's to remove. */
  readonly path: string;
  readonly bytes: number;
  readonly durationMs: number;
}

export interface HeapSnapshotWriter {
  /** @throws TouchlineError `TL_SNAPSHOT_RUNNING` while another one is being written */
  write(): Promise<HeapSnapshot>;
}

/** @param parentFolder where each snapshot gets a private folder of its own; the system's temporary one unless given */
export function createHeapSnapshotWriter(parentFolder = tmpdir()): HeapSnapshotWriter {
  let running = false;
  return {
    async write() {
      if (running) {
        throw new TouchlineError(
          'TL_SNAPSHOT_RUNNING',
          'expected no heap snapshot in progress; one is being written, ask again when it is done',
        );
      }
      running = true;
      try {
        return await writeSnapshot(parentFolder);
      } finally {
        running = false;
      }
    },
  };
}

async function writeSnapshot(parentFolder: string): Promise<HeapSnapshot> {
  const startedAtMs = performance.now();
  const folder = await mkdtemp(join(parentFolder, 'touchline-heap-'));
  const path = join(folder, `${process.pid}.heapsnapshot`);
  try {
    await pipeline(getHeapSnapshot(), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    const { size } = await stat(path);
    return { path, bytes: size, durationMs: performance.now() - startedAtMs };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
