/**
 * The breach profile: when a limit breaks in a measured window, the server is profiled right then, without any option.
 * It costs what a profile costs, in a window that is broken already.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { summariseCpu } from '../../cpu/summarise-cpu.ts';
import type { V8CpuProfile } from '../../cpu/v8-profiles.ts';
import type { BreachRecord } from '../../record/breach-record.ts';
import type { CpuProfileRecord } from '../../record/profile-record.ts';
import type { ProfileSource } from '../../run/profile-source.ts';
import { SourceLines } from '../../source/source-lines.ts';
import { CPU_INTERVAL_US, WindowProfile } from '../profiled/window-profile.ts';
import { type Breach, type BreachLimits, BreachWatch, type LiveFigures } from './breach-watch.ts';

export interface BreachProfilesOptions {
  readonly source: ProfileSource;
  readonly limits: BreachLimits;
  readonly runFolder: string;
  /** Functions are named from there. */
  readonly projectFolder: string;
  /** How long a profile lasts where its window goes on. @defaultValue 2000 */
  readonly profileMs?: number;
}

/** Of a search that breaks at every rate the first ones tell enough. */
const MOST_PROFILES = 3;
const PROFILE_MS = 2_000;
/** Less is no profile: the window ended. */
const LEAST_MS = 100;
/** The report names the hottest; the file holds all. */
const MOST_FUNCTIONS = 10;

/** Of one run. */
export class BreachProfiles {
  readonly #options: BreachProfilesOptions;
  readonly #lines: SourceLines;
  #taken = 0;

  constructor(options: BreachProfilesOptions) {
    this.#options = options;
    this.#lines = new SourceLines(options.projectFolder);
  }

  /**
   * A watch of one tier's measured window.
   *
   * @param step names it: `tier 2/3`
   * @returns null where live figures say nothing of the limits: some clients do not read on purpose
   */
  watch(step: string, { slowReaders = 0 }: Pick<LoadPlan, 'slowReaders'>): TierBreach | null {
    if (slowReaders > 0) return null;
    return new TierBreach(this.#options.limits, (ended) => this.#profile(step, ended));
  }

  /** @returns a profile, or why there is none; undefined when enough were taken */
  async #profile(step: string, ended: AbortSignal): Promise<Caught | undefined> {
    if (this.#taken >= MOST_PROFILES) return undefined;
    this.#taken += 1;
    const file = `breach/${this.#taken}.cpuprofile`;
    try {
      const taken = await takeProfile(this.#options, ended);
      if (taken === null) return { profile: null, missing: 'the measured window ended as it was seen' };
      const path = join(this.#options.runFolder, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, JSON.stringify(taken));
      return { profile: this.#summary(step, file, taken), missing: null };
    } catch (error) {
      if (!(error instanceof TouchlineError)) throw error;
      return { profile: null, missing: error.message };
    }
  }

  #summary(step: string, file: string, taken: V8CpuProfile): CpuProfileRecord {
    const summary = summariseCpu(taken, this.#lines);
    const functions = summary.functions.slice(0, MOST_FUNCTIONS);
    return { step, file, intervalUs: CPU_INTERVAL_US, ...summary, functions, calls: [] };
  }
}

type Caught = Pick<BreachRecord, 'profile' | 'missing'>;

async function takeProfile(
  { source, profileMs = PROFILE_MS }: BreachProfilesOptions,
  ended: AbortSignal,
): Promise<V8CpuProfile | null> {
  const window = await WindowProfile.start(source, { cpu: true, heap: false });
  window.begin();
  // Rejects only when the window has ended.
  await sleep(profileMs, undefined, { signal: ended }).catch(() => undefined);
  const taken = await window.take();
  return taken === null || taken.durationMs < LEAST_MS ? null : taken.cpu;
}

/** One measured window: {@link begin}, looks, {@link finish}. */
export class TierBreach {
  readonly #watch: BreachWatch;
  readonly #profile: (ended: AbortSignal) => Promise<Caught | undefined>;
  readonly #ended = new AbortController();
  #beganAtMs: number | null = null;
  #caught: Promise<BreachRecord | undefined> | undefined;

  constructor(limits: BreachLimits, profile: (ended: AbortSignal) => Promise<Caught | undefined>) {
    this.#watch = new BreachWatch(limits);
    this.#profile = profile;
  }

  /** The measured window begins. */
  begin(before: Pick<LiveFigures, 'received'>): void {
    this.#watch.begin(before);
    this.#beganAtMs = performance.now();
  }

  /** Live figures of the window; the first breach is caught, later ones are the same one. */
  look(figures: LiveFigures): void {
    if (this.#beganAtMs === null || this.#caught !== undefined || this.#ended.signal.aborted) return;
    const breach = this.#watch.look(figures);
    if (breach === null) return;
    this.#caught = this.#catch(breach, performance.now() - this.#beganAtMs);
    // Whoever finishes the window hears of a defect.
    this.#caught.catch(() => undefined);
  }

  /** The window has ended, and with it a profile that still runs. @returns what was caught */
  async finish(): Promise<BreachRecord | undefined> {
    this.#ended.abort();
    return this.#caught;
  }

  async #catch(breach: Breach, elapsedMs: number): Promise<BreachRecord | undefined> {
    const seenAt = Date.now();
    const caught = await this.#profile(this.#ended.signal);
    return caught === undefined ? undefined : { ...breach, elapsedMs, seenAt, ...caught };
  }
}
