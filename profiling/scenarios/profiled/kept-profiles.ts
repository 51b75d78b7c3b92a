/** The profiles of a run: the busiest windows as files, and all that the report needs of them. */

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { summariseCpu } from '../../cpu/summarise-cpu.ts';
import { summariseHeap } from '../../cpu/summarise-heap.ts';
import type { CpuProfileRecord, HeapProfileRecord, Profiles } from '../../record/profile-record.ts';
import { SourceLines } from '../../source/source-lines.ts';
import { CPU_INTERVAL_US, HEAP_INTERVAL_BYTES, type TakenProfiles } from './window-profile.ts';

export interface KeptProfilesOptions {
  readonly runFolder: string;
  /** Functions are named from there. */
  readonly projectFolder: string;
}

/** A search may try dozens of rates: the windows that took least are dropped. */
const MOST_FILES = 12;

/** Writes files as windows end, so that a run that breaks leaves what it has. */
export class KeptProfiles {
  readonly #options: KeptProfilesOptions;
  readonly #lines: SourceLines;
  readonly #names = new Set<string>();
  readonly #missing: string[] = [];
  #cpu: readonly CpuProfileRecord[] = [];
  #heap: readonly HeapProfileRecord[] = [];
  #windows = 0;

  constructor(options: KeptProfilesOptions) {
    this.#options = options;
    this.#lines = new SourceLines(options.projectFolder);
  }

  async keep(step: string, { cpu, heap, durationMs }: TakenProfiles): Promise<void> {
    this.#windows += 1;
    const name = this.#nameOf(step);
    if (cpu !== null) {
      const file = `cpu/${name}.cpuprofile`;
      await this.#write(file, cpu);
      const record = { step, file, intervalUs: CPU_INTERVAL_US, ...summariseCpu(cpu, this.#lines) };
      this.#cpu = await this.#busiest([...this.#cpu, record], busyRatio);
    }
    if (heap !== null) {
      const file = `heap/${name}.heapprofile`;
      await this.#write(file, heap);
      const summary = summariseHeap(heap, this.#lines);
      const record = { step, file, durationMs, intervalBytes: HEAP_INTERVAL_BYTES, ...summary };
      this.#heap = await this.#busiest([...this.#heap, record], ({ liveBytes }) => liveBytes);
    }
  }

  /** A window that has no profile. */
  miss(step: string, why: string): void {
    this.#windows += 1;
    this.#missing.push(`${step}: ${why}`);
  }

  /** The flame graph is drawn of one window: the largest tier, or the rate that broke. */
  record(): Profiles {
    return {
      cpu: drawnOnce(this.#cpu, busyRatio),
      heap: drawnOnce(this.#heap, ({ liveBytes }) => liveBytes),
      windows: this.#windows,
      missing: this.#missing,
    };
  }

  async #busiest<Kept extends { readonly file: string }>(
    kept: readonly Kept[],
    sizeOf: (profile: Kept) => number,
  ): Promise<readonly Kept[]> {
    if (kept.length <= MOST_FILES) return kept;
    const least = kept.reduce((one, other) => (sizeOf(other) < sizeOf(one) ? other : one));
    await rm(join(this.#options.runFolder, least.file), { force: true });
    return kept.filter((profile) => profile !== least);
  }

  async #write(file: string, profile: unknown): Promise<void> {
    const path = join(this.#options.runFolder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify(profile));
  }

  /** `tier 2/3` is `tier-2-of-3`. */
  #nameOf(step: string): string {
    const base = step
      .toLowerCase()
      .replace(/\/(?=\d)/g, '-of-')
      .replace(/\/s\b/g, '-per-second')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
    let name = base;
    for (let number = 2; this.#names.has(name); number += 1) name = `${base}-${number}`;
    this.#names.add(name);
    return name;
  }
}

function busyRatio({ busyMs, durationMs }: CpuProfileRecord): number {
  return durationMs === 0 ? 0 : busyMs / durationMs;
}

/** Functions of the other windows: enough to see whether the same one leads. */
const MOST_OTHER_FUNCTIONS = 5;

/** Load grows from window to window: the last is drawn, unless another was clearly busier. */
const NEARLY = 0.8;

function drawnOnce<Kept extends CpuProfileRecord | HeapProfileRecord>(
  kept: readonly Kept[],
  sizeOf: (profile: Kept) => number,
): Kept[] {
  const [first] = kept;
  if (first === undefined) return [];
  const largest = Math.max(...kept.map(sizeOf));
  const drawn = kept.findLast((profile) => sizeOf(profile) >= NEARLY * largest) ?? first;
  return kept.map((profile) =>
    profile === drawn
      ? profile
      : { ...profile, functions: profile.functions.slice(0, MOST_OTHER_FUNCTIONS), calls: [] },
  );
}
