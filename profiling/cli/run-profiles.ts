/** `--profile` of one run: which servers are profiled, in which windows, and what comes of it. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { Profiles } from '../record/profile-record.ts';
import type { Target } from '../run/target.ts';
import { KeptProfiles } from '../scenarios/profiled/kept-profiles.ts';
import { ProfiledLoad } from '../scenarios/profiled/profiled-load.ts';
import {
  CPU_INTERVAL_US,
  HEAP_INTERVAL_BYTES,
  type ProfileKinds,
} from '../scenarios/profiled/window-profile.ts';
import type { LoadRunner, ScenarioProgress } from '../scenarios/scenario.ts';

export interface RunProfilesOptions {
  readonly kinds: ProfileKinds;
  readonly runFolder: string;
  readonly projectFolder: string;
}

/** Without `--profile` nothing here does anything: the load stays what it is. */
export class RunProfiles {
  readonly #kinds: ProfileKinds;
  readonly #kept: KeptProfiles;
  readonly #targets = new Map<string, Target>();
  #step: string | null = null;

  constructor({ kinds, ...folders }: RunProfilesOptions) {
    this.#kinds = kinds;
    this.#kept = new KeptProfiles(folders);
  }

  get #isOn(): boolean {
    return this.#kinds.cpu || this.#kinds.heap;
  }

  /**
   * Tries a profile of the measured server, so that a run does not end without any.
   *
   * @throws TouchlineError `TL_PROFILE_UNAVAILABLE` saying what would help
   */
  async prepare(target: Target): Promise<void> {
    if (!this.#isOn) return;
    const { profiles, whyNoProfiles } = target;
    if (profiles === null) {
      throw new TouchlineError(
        'TL_PROFILE_UNAVAILABLE',
        `--profile expected a server that can be profiled; ${whyNoProfiles ?? 'this one cannot'}`,
      );
    }
    if (this.#kinds.cpu) {
      await profiles.startCpu(CPU_INTERVAL_US);
      await profiles.stopCpu();
    }
    if (this.#kinds.heap) {
      await profiles.startHeap(HEAP_INTERVAL_BYTES);
      await profiles.stopHeap();
    }
    this.serverRuns(target);
  }

  /** The measured server, or another that a scenario started. */
  serverRuns(target: Target): void {
    this.#targets.set(target.load.wsUrl, target);
  }

  /** Where the scenario stands. */
  report({ phase, isWarmUp, step }: ScenarioProgress): void {
    this.#step = phase === 'warm-server' || isWarmUp === true ? null : step;
  }

  watch(load: LoadRunner): LoadRunner {
    if (!this.#isOn) return load;
    return new ProfiledLoad(load, {
      kinds: this.#kinds,
      kept: this.#kept,
      sourceOf: (wsUrl) => this.#targets.get(wsUrl)?.profiles ?? null,
      step: () => this.#step,
    });
  }

  /** For run.json; nothing without `--profile`. */
  record(): { readonly profiles?: Profiles } {
    return this.#isOn ? { profiles: this.#kept.record() } : {};
  }
}
