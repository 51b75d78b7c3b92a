/**
 * The breach profile: where a limit broke in a measured window, the same load is run once more right after it, not measured,
 * and the server is profiled, without any option. In the window itself a profile would spoil what still holds: to start one
 * stops a process for about 45 ms.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LoadObserver, LoadPhase } from '../../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import type { LoadResult } from '../../../load-tests/generator/load-result.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { summariseCpu } from '../../cpu/summarise-cpu.ts';
import type { V8CpuProfile } from '../../cpu/v8-profiles.ts';
import type { BreachRecord } from '../../record/breach-record.ts';
import type { CpuProfileRecord } from '../../record/profile-record.ts';
import type { ProfileSource } from '../../run/profile-source.ts';
import { SourceLines } from '../../source/source-lines.ts';
import { CPU_INTERVAL_US, type TakenProfiles, WindowProfile } from '../profiled/window-profile.ts';
import { type BreachLimits, BreachWatch, type LiveFigures } from './breach-watch.ts';

/** A generator of one tier's load. */
export interface LoadOnceMore {
  run(plan: LoadPlan, observer: LoadObserver): Promise<Pick<LoadResult, 'state'>>;
}

export interface BreachProfilesOptions {
  readonly source: ProfileSource;
  /** Runs the load once more; nobody else watches it, so that what is shown live is what is measured. */
  readonly load: LoadOnceMore;
  readonly limits: BreachLimits;
  readonly runFolder: string;
  /** Functions are named from there. */
  readonly projectFolder: string;
}

/** A load that broke a limit. */
export interface BrokenLoad {
  /** Names its tier: `tier 2/3`. */
  readonly step: string;
  readonly seen: SeenBreach;
  readonly plan: LoadPlan;
  /** Told as the load that is run once more goes through its phases. */
  readonly onPhase: (phase: LoadPhase) => void;
}

/** Of a search that breaks at every rate the first ones tell enough. */
const MOST_PROFILES = 2;
const PROFILE_MS = 2_000;
const MOST_WARM_UP_MS = 500;
const LOST = 'every connection ended under the load that was run once more';
/** Less is no profile: the load was ended. */
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

  /** @returns null where live figures say nothing of the limits: some clients do not read on purpose */
  watch({ slowReaders = 0 }: Pick<LoadPlan, 'slowReaders'>): TierBreach | null {
    return slowReaders > 0 ? null : new TierBreach(this.#options.limits);
  }

  /**
   * Runs the load once more under a profile.
   *
   * @returns what broke, with a profile or why there is none; undefined when enough were taken
   */
  async explain({ seen, ...broken }: BrokenLoad): Promise<BreachRecord | undefined> {
    if (this.#taken >= MOST_PROFILES) return undefined;
    this.#taken += 1;
    const window = await this.#start();
    if (typeof window === 'string') return { ...seen, profile: null, missing: window };
    return { ...seen, ...(await this.#profile(window, broken)) };
  }

  /** @returns why the server gives no profile, where it gives none */
  async #start(): Promise<WindowProfile | string> {
    try {
      return await WindowProfile.start(this.#options.source, { cpu: true, heap: false });
    } catch (error) {
      return messageOf(error);
    }
  }

  async #profile(
    window: WindowProfile,
    { step, plan, onPhase }: Omit<BrokenLoad, 'seen'>,
  ): Promise<Pick<BreachRecord, 'profile' | 'missing'>> {
    const phase = (entered: LoadPhase): void => {
      if (entered === 'measure') window.begin();
      if (entered === 'hold') window.end();
      onPhase(entered);
    };
    const again = { ...plan, warmUpMs: Math.min(plan.warmUpMs, MOST_WARM_UP_MS), measureMs: PROFILE_MS };
    const failure = await this.#options.load.run(again, { phase, progress: () => undefined }).then(
      ({ state }) => (state === 'lost-target' ? LOST : null),
      // What the tier itself measured is not lost with it.
      messageOf,
    );
    // A load that failed must not leave a profile running in the server.
    const taken = await takenOf(window);
    const missing = failure ?? (typeof taken === 'string' ? taken : null);
    if (missing !== null || typeof taken === 'string') return { profile: null, missing };
    return { profile: await this.#keep(step, taken), missing };
  }

  async #keep(step: string, taken: V8CpuProfile): Promise<CpuProfileRecord> {
    const file = `breach/${this.#taken}.cpuprofile`;
    const path = join(this.#options.runFolder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify(taken));
    const summary = summariseCpu(taken, this.#lines);
    const functions = summary.functions.slice(0, MOST_FUNCTIONS);
    return { step, file, intervalUs: CPU_INTERVAL_US, ...summary, functions, calls: [] };
  }
}

/** @returns why there is none, where there is none */
async function takenOf(window: WindowProfile): Promise<V8CpuProfile | string> {
  try {
    return cpuOf(await window.take()) ?? 'the load that was run once more ended before there was one';
  } catch (error) {
    return messageOf(error);
  }
}

function cpuOf(taken: TakenProfiles | null): V8CpuProfile | null {
  return taken === null || taken.durationMs < LEAST_MS ? null : taken.cpu;
}

/** A profile that cannot be had is told in the report; a defect is thrown. */
function messageOf(error: unknown): string {
  if (error instanceof TouchlineError) return error.message;
  throw error;
}

/** What broke, and when. */
export type SeenBreach = Omit<BreachRecord, 'profile' | 'missing'>;

/** One measured window: {@link begin}, looks. */
export class TierBreach {
  readonly #watch: BreachWatch;
  #beganAtMs: number | null = null;
  #seen: SeenBreach | undefined;

  constructor(limits: BreachLimits) {
    this.#watch = new BreachWatch(limits);
  }

  /** The first breach of the window. */
  get seen(): SeenBreach | undefined {
    return this.#seen;
  }

  /** The measured window begins. */
  begin(before: Pick<LiveFigures, 'received'>): void {
    this.#watch.begin(before);
    this.#beganAtMs = performance.now();
  }

  /** Live figures of the window. */
  look(figures: LiveFigures): void {
    if (this.#beganAtMs === null || this.#seen !== undefined) return;
    const breach = this.#watch.look(figures);
    if (breach === null) return;
    this.#seen = { ...breach, elapsedMs: performance.now() - this.#beganAtMs, seenAt: Date.now() };
  }
}
