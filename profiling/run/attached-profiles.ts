/** Profiles of a process that runs already and is none of ours, over its inspector. */

import { open } from 'node:fs/promises';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { CdpClient } from './attach/cdp-client.ts';
import type { ProfileSource } from './profile-source.ts';

/** Handing over a profile of minutes while the loop is busy. */
const STOP_TIMEOUT_MS = 60_000;
/** 100 ms for each MB of heap: a gigabyte takes minutes. */
const SNAPSHOT_TIMEOUT_MS = 600_000;
const OWNER_ONLY = 0o600;

type Kind = 'cpu' | 'heap';

/** One session's profiles; whoever opened the session ends it. */
export class AttachedProfiles implements ProfileSource {
  private readonly client: CdpClient;
  private readonly running = new Set<Kind>();

  constructor(client: CdpClient) {
    this.client = client;
  }

  async startCpu(intervalUs: number): Promise<void> {
    this.begin('cpu');
    await this.orForget('cpu', async () => {
      await this.client.call('Profiler.enable');
      await this.client.call('Profiler.setSamplingInterval', { interval: intervalUs });
      await this.client.call('Profiler.start');
    });
  }

  async stopCpu(): Promise<unknown> {
    this.end('cpu');
    const { profile } = await this.client.call('Profiler.stop', {}, STOP_TIMEOUT_MS);
    await this.client.call('Profiler.disable');
    return profile;
  }

  async startHeap(intervalBytes: number): Promise<void> {
    this.begin('heap');
    await this.orForget('heap', async () => {
      await this.client.call('HeapProfiler.startSampling', { samplingInterval: intervalBytes });
    });
  }

  async stopHeap(): Promise<unknown> {
    this.end('heap');
    const { profile } = await this.client.call('HeapProfiler.stopSampling', {}, STOP_TIMEOUT_MS);
    return profile;
  }

  /** Chunk by chunk to the disk: no more than one of them is in memory here. The process stands still meanwhile. */
  async writeSnapshot(file: string): Promise<{ readonly bytes: number; readonly durationMs: number }> {
    const startedMs = performance.now();
    const handle = await open(file, 'wx', OWNER_ONLY).catch((error) => unwritable(file, error));
    let bytes = 0;
    let broken: unknown;
    this.client.on('HeapProfiler.addHeapSnapshotChunk', async ({ chunk }) => {
      try {
        bytes += (await handle.write(String(chunk))).bytesWritten;
      } catch (error) {
        broken = error;
      }
    });
    try {
      await this.client.call('HeapProfiler.takeHeapSnapshot', { reportProgress: false }, SNAPSHOT_TIMEOUT_MS);
      if (broken !== undefined) unwritable(file, broken);
      return { bytes, durationMs: performance.now() - startedMs };
    } finally {
      this.client.on('HeapProfiler.addHeapSnapshotChunk', undefined);
      await handle.close();
    }
  }

  /** Collects garbage by force. @returns whether it was done */
  async collectGarbage(): Promise<boolean> {
    try {
      await this.client.call('HeapProfiler.collectGarbage', {}, STOP_TIMEOUT_MS);
      return true;
    } catch {
      // The process may have ended; whoever measures it finds that out.
      return false;
    }
  }

  /** Stops what runs still. */
  async close(): Promise<void> {
    if (this.running.has('cpu')) await this.stopCpu();
    if (this.running.has('heap')) await this.stopHeap();
  }

  private begin(kind: Kind): void {
    if (this.running.has(kind)) {
      throw new TouchlineError(
        'TL_PROFILE_RUNNING',
        `expected no ${kind} profile to run in the attached process; received a second start`,
      );
    }
    this.running.add(kind);
  }

  private end(kind: Kind): void {
    if (this.running.delete(kind)) return;
    throw new TouchlineError(
      'TL_PROFILE_NOT_RUNNING',
      `expected a ${kind} profile that runs in the attached process; received a stop without a start`,
    );
  }

  private async orForget(kind: Kind, start: () => Promise<void>): Promise<void> {
    try {
      await start();
    } catch (error) {
      this.running.delete(kind);
      throw error;
    }
  }
}

function unwritable(file: string, error: unknown): never {
  throw new TouchlineError('TL_OUT_NOT_WRITABLE', `expected to write ${file}; received ${String(error)}`);
}
