/**
 * The seam of `--profile`: a load generator whose measured windows are profiled, whatever scenario drives it. Scenarios
 * know nothing of it; without the option it does not exist.
 */

import type { ChurnObserver, ChurnPhase, ChurnPlan } from '../../../load-tests/generator/churn/churn-plan.ts';
import type { ChurnResult } from '../../../load-tests/generator/churn/churn-result.ts';
import type { HttpLoadPlan, HttpObserver, HttpPhase } from '../../../load-tests/generator/http/http-plan.ts';
import type { HttpLoadResult } from '../../../load-tests/generator/http/http-result.ts';
import type { LoadObserver, LoadPhase } from '../../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import type { LoadResult } from '../../../load-tests/generator/load-result.ts';
import type { TickObserver, TickPlan } from '../../../load-tests/generator/ticks/tick-plan.ts';
import type { TickResult } from '../../../load-tests/generator/ticks/tick-result.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { ProfileSource } from '../../run/profile-source.ts';
import type { LoadRunner } from '../scenario.ts';
import type { KeptProfiles } from './kept-profiles.ts';
import { type ProfileKinds, WindowProfile } from './window-profile.ts';

export interface ProfiledLoadOptions {
  readonly kinds: ProfileKinds;
  readonly kept: KeptProfiles;
  /** Of the server at this address (`wsUrl` or `httpUrl`); null where it gives none, as uninvolved servers may. */
  readonly sourceOf: (url: string) => ProfileSource | null;
  /** What is being measured now; null while the server is only warmed up. */
  readonly step: () => string | null;
}

/** A stretch of a load that is profiled. Loads of WebSockets wait in the phases `arm` and `to`; all wait in `before`, their first. */
interface Window<Phase> {
  /** Told beside the step, where a load has several. */
  readonly name: string;
  /** The profile is started here: in a phase before the window, for starting takes a moment. */
  readonly arm: Phase | 'before';
  readonly from: Phase;
  readonly to: Phase;
}

const MEASURED: readonly Window<LoadPhase & TickPhase>[] = [
  { name: '', arm: 'warm-up', from: 'measure', to: 'hold' },
];
const CHURNED: readonly Window<ChurnPhase>[] = [
  { name: 'churn', arm: 'before', from: 'churn', to: 'silence' },
  { name: 'storm', arm: 'gather', from: 'storm', to: 'drain' },
];
/** Before the load, which waits for nobody in its phases, and may have no warm-up. */
const ASKED: readonly Window<HttpPhase>[] = [{ name: '', arm: 'before', from: 'measure', to: 'drain' }];

type TickPhase = Parameters<TickObserver['phase']>[0];

interface Observer<Phase, Progress> {
  phase(phase: Phase): Promise<void> | void;
  progress(progress: Progress): void;
}

/** Results, errors and the order of calls are the generator's. */
export class ProfiledLoad implements LoadRunner {
  readonly #load: LoadRunner;
  readonly #options: ProfiledLoadOptions;

  constructor(load: LoadRunner, options: ProfiledLoadOptions) {
    this.#load = load;
    this.#options = options;
  }

  run(plan: LoadPlan, observer: LoadObserver): Promise<LoadResult> {
    const windows = this.#windows(plan.target.wsUrl, MEASURED);
    return windows.around((watched) => this.#load.run(plan, watched), observer);
  }

  churn(plan: ChurnPlan, observer: ChurnObserver): Promise<ChurnResult> {
    const windows = this.#windows(plan.target.wsUrl, CHURNED);
    return windows.around((watched) => this.#load.churn(plan, watched), observer);
  }

  ticks(plan: TickPlan, observer: TickObserver): Promise<TickResult> {
    const windows = this.#windows(plan.target.wsUrl, MEASURED);
    return windows.around((watched) => this.#load.ticks(plan, watched), observer);
  }

  http(plan: HttpLoadPlan, observer: HttpObserver): Promise<HttpLoadResult> {
    const windows = this.#windows(plan.target.httpUrl, ASKED);
    return windows.around((watched) => this.#load.http(plan, watched), observer);
  }

  #windows<Phase>(url: string, windows: readonly Window<Phase>[]): ProfiledWindows<Phase> {
    return new ProfiledWindows(this.#options, this.#options.sourceOf(url), windows);
  }
}

/** The windows of one load, one after the other. */
class ProfiledWindows<Phase> {
  readonly #options: ProfiledLoadOptions;
  readonly #source: ProfileSource | null;
  readonly #windows: readonly Window<Phase>[];
  #running: {
    readonly window: Window<Phase>;
    readonly step: string;
    readonly profile: WindowProfile;
  } | null = null;

  constructor(options: ProfiledLoadOptions, source: ProfileSource | null, windows: readonly Window<Phase>[]) {
    this.#options = options;
    this.#source = source;
    this.#windows = windows;
  }

  /** A load that ends early leaves the profile of what there was. */
  async around<Progress, Result>(
    carryOut: (observer: Observer<Phase, Progress>) => Promise<Result>,
    observer: Observer<Phase, Progress>,
  ): Promise<Result> {
    await this.#startAt('before');
    try {
      return await carryOut({
        phase: (phase) => this.#phase(phase, () => observer.phase(phase)),
        progress: (progress) => observer.progress(progress),
      });
    } finally {
      await this.#finish();
    }
  }

  async #phase(phase: Phase, tell: () => Promise<void> | void): Promise<void> {
    const running = this.#running;
    if (running?.window.from === phase) running.profile.begin();
    if (running?.window.to === phase) running.profile.end();
    await tell();
    // Only now: what the observer reads of the server must not hold the work of reading a profile.
    if (running?.window.to === phase) await this.#finish();
    await this.#startAt(phase);
  }

  async #startAt(phase: Phase | 'before'): Promise<void> {
    const window = this.#windows.find(({ arm }) => arm === phase);
    const step = this.#options.step();
    if (window === undefined || step === null || this.#source === null) return;
    const name = window.name === '' ? step : window.name;
    try {
      const profile = await WindowProfile.start(this.#source, this.#options.kinds);
      this.#running = { window, step: name, profile };
    } catch (error) {
      this.#miss(name, error);
    }
  }

  async #finish(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running === null) return;
    try {
      const taken = await running.profile.take();
      if (taken !== null) await this.#options.kept.keep(running.step, taken);
    } catch (error) {
      this.#miss(running.step, error);
    }
  }

  /** A missing profile is told in the report; it spoils no measurement. */
  #miss(step: string, error: unknown): void {
    if (!(error instanceof TouchlineError)) throw error;
    this.#options.kept.miss(step, error.message);
  }
}
