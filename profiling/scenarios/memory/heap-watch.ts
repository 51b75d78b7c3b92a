/**
 * What the server's heap holds after the warm-up, after half of the measured cycles and after all of them, and what it
 * allocated in between. A snapshot stops the server for about 0.1 s for each MB of its heap: no cycle runs meanwhile.
 */

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { MemoryBody } from '../../record/memory-record.ts';
import type { MemorySample } from '../../record/tier-record.ts';
import type { ProfileSource } from '../../run/profile-source.ts';
import type { ScenarioContext } from '../scenario.ts';

/** Of the run's folder. */
const FOLDER = 'heap';
const ALLOCATIONS = `${FOLDER}/allocations.heapprofile`;
/** Names the line that allocated within 2 % of the bytes, and costs next to nothing. */
const SAMPLE_EVERY_BYTES = 4_096;
const SNAPSHOTS = 3;
/** With one cycle there is no half. */
const LEAST_CYCLES = 2;
const BYTES_PER_MB = 1_000_000;

/** What the record says of it. */
export type HeapFindings = Pick<MemoryBody, 'heapGrowth' | 'noHeapGrowth' | 'allocationProfile'>;

interface Taken {
  /** Path from the run's folder. */
  readonly file: string;
  readonly durationMs: number;
}

export class HeapWatch {
  readonly #context: ScenarioContext;
  readonly #taken: Taken[] = [];
  /** Why there will be nothing to compare; null as long as there will. */
  #missing: string | null;
  #isSampling = false;
  #allocations: unknown = null;

  constructor(context: ScenarioContext) {
    this.#context = context;
    this.#missing = whyNot(context);
  }

  /** Takes the next snapshot. @param memory of the target just now, after a forced collection */
  async look(memory: MemorySample | null): Promise<void> {
    this.#missing ??= whyNotNow(memory, this.#context.options.snapshotHeapLimitBytes);
    await this.#try(async (profiles) => {
      const file = `${FOLDER}/${this.#taken.length + 1}.heapsnapshot`;
      const { durationMs } = await profiles.writeSnapshot(join(this.#context.runFolder, file));
      this.#taken.push({ file, durationMs });
    });
  }

  /** From now on the target notes where it allocates. A target that cannot still has snapshots. */
  async startAllocations(): Promise<void> {
    const { profiles } = this.#context.target;
    if (profiles === null || this.#missing !== null) return;
    try {
      await profiles.startHeap(SAMPLE_EVERY_BYTES);
      this.#isSampling = true;
    } catch (error) {
      if (!(error instanceof TouchlineError)) throw error;
    }
  }

  async stopAllocations(): Promise<void> {
    if (!this.#isSampling) return;
    this.#isSampling = false;
    try {
      this.#allocations = (await this.#context.target.profiles?.stopHeap()) ?? null;
    } catch (error) {
      if (!(error instanceof TouchlineError)) throw error;
    }
  }

  /**
   * Compares what was taken; the files stay, for whoever judges to remove.
   *
   * @param connections that came and went between the first and the last snapshot
   */
  async compare(connections: number): Promise<HeapFindings> {
    if (this.#taken.length < SNAPSHOTS)
      return this.#nothing(this.#missing ?? 'the run ended before the last one');
    const { runFolder, compareSnapshots } = this.#context;
    const files = this.#taken.map(({ file }) => join(runFolder, file));
    try {
      const growth = await compareSnapshots({
        files,
        connections: connections / (SNAPSHOTS - 1),
        allocations: this.#allocations,
      });
      const snapshots = growth.snapshots.map((fact, index) => ({ ...fact, ...this.#taken[index] }));
      return { heapGrowth: { ...growth, snapshots }, allocationProfile: await this.#keepAllocations() };
    } catch (error) {
      if (!(error instanceof TouchlineError)) throw error;
      return this.#nothing(`they could not be compared (${error.code}: ${error.message})`);
    }
  }

  /** Leaves nothing running in the target, nor half of the files behind. */
  async close(): Promise<void> {
    await this.stopAllocations();
    if (this.#taken.length < SNAPSHOTS) await this.#removeFiles();
  }

  async #nothing(why: string): Promise<HeapFindings> {
    await this.#removeFiles();
    return { heapGrowth: null, noHeapGrowth: why };
  }

  async #keepAllocations(): Promise<string | null> {
    if (this.#allocations === null) return null;
    const file = join(this.#context.runFolder, ALLOCATIONS);
    await mkdir(join(this.#context.runFolder, FOLDER), { recursive: true });
    await writeFile(file, JSON.stringify(this.#allocations), { mode: 0o600 });
    return ALLOCATIONS;
  }

  async #removeFiles(): Promise<void> {
    await rm(join(this.#context.runFolder, FOLDER), { recursive: true, force: true });
  }

  /** What the target refuses is no end of the run: the counts decide then. */
  async #try(step: (profiles: ProfileSource) => Promise<void>): Promise<void> {
    const { profiles } = this.#context.target;
    if (profiles === null || this.#missing !== null) return;
    try {
      await step(profiles);
    } catch (error) {
      if (!(error instanceof TouchlineError)) throw error;
      this.#missing = `the target took none (${error.code}: ${error.message})`;
    }
  }
}

function whyNot({ target, options }: ScenarioContext): string | null {
  if (target.profiles === null) return target.whyNoProfiles ?? 'the target takes none';
  if (!target.description.sharesMachine) {
    return 'the target runs on another machine, and its snapshots would stay there';
  }
  return options.cycles < LEAST_CYCLES
    ? `growth must show in both halves of the cycles, and there is ${options.cycles}`
    : null;
}

function whyNotNow(memory: MemorySample | null, limitBytes: number): string | null {
  const heapBytes = memory?.heapUsedBytes ?? null;
  if (heapBytes === null)
    return 'how large the heap is cannot be seen, and a snapshot stops the server for 0.1 s for each MB';
  if (heapBytes <= limitBytes) return null;
  const [held, limit] = [heapBytes, limitBytes].map((bytes) => (bytes / BYTES_PER_MB).toFixed(1));
  return `the heap held ${held} MB, and above ${limit} MB a snapshot would stop the server for too long (--snapshot-heap-limit ${Math.ceil(heapBytes / BYTES_PER_MB)} takes them all the same, 0.1 s and 12 MB of memory for each MB)`;
}
