/** A load generator that is watched: it carries out every plan as before, and the figures follow. */

import type { ChurnObserver, ChurnPlan } from '../../load-tests/generator/churn/churn-plan.ts';
import type { ChurnResult } from '../../load-tests/generator/churn/churn-result.ts';
import type { HttpLoadPlan, HttpObserver } from '../../load-tests/generator/http/http-plan.ts';
import type { HttpLoadResult } from '../../load-tests/generator/http/http-result.ts';
import type { LoadObserver } from '../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../load-tests/generator/load-plan.ts';
import type { LoadResult } from '../../load-tests/generator/load-result.ts';
import type { TickObserver, TickPlan } from '../../load-tests/generator/ticks/tick-plan.ts';
import type { TickResult } from '../../load-tests/generator/ticks/tick-result.ts';
import type { LivePhase, LoadFigures } from './load-figures.ts';
import { type SettledLoad, settledChurn, settledTicks, settledTier } from './settled-load.ts';

/** Carries out load, as scenarios ask for it. */
export interface Load {
  run(plan: LoadPlan, observer: LoadObserver): Promise<LoadResult>;
  churn(plan: ChurnPlan, observer: ChurnObserver): Promise<ChurnResult>;
  ticks(plan: TickPlan, observer: TickObserver): Promise<TickResult>;
  http(plan: HttpLoadPlan, observer: HttpObserver): Promise<HttpLoadResult>;
}

/** Stands before the generator; results, errors and the order of calls are the generator's. */
export class WatchedLoad implements Load {
  readonly #load: Load;
  readonly #figures: LoadFigures;
  readonly #isWarmUp: () => boolean;

  /** @param isWarmUp whether the load that begins now only warms the server up */
  constructor(load: Load, figures: LoadFigures, isWarmUp: () => boolean) {
    this.#load = load;
    this.#figures = figures;
    this.#isWarmUp = isWarmUp;
  }

  run(plan: LoadPlan, observer: LoadObserver): Promise<LoadResult> {
    return this.#follow(
      plan.connections,
      () => this.#load.run(plan, this.#tierObserver(observer)),
      settledTier,
    );
  }

  churn(plan: ChurnPlan, observer: ChurnObserver): Promise<ChurnResult> {
    const figures = this.#figures;
    const watching: ChurnObserver = {
      phase: (phase) => {
        figures.enter(phase);
        figures.connectionsWanted = wantedIn(phase, plan);
        return observer.phase(phase);
      },
      progress: (progress) => {
        figures.churnProgress(progress);
        observer.progress(progress);
      },
    };
    return this.#follow(wantedIn('churn', plan), () => this.#load.churn(plan, watching), settledChurn);
  }

  ticks(plan: TickPlan, observer: TickObserver): Promise<TickResult> {
    return this.#follow(
      plan.readers,
      () => this.#load.ticks(plan, this.#tierObserver(observer)),
      settledTicks,
    );
  }

  /** Only its phases are shown: an answer is no delivery. */
  async http(plan: HttpLoadPlan, observer: HttpObserver): Promise<HttpLoadResult> {
    const figures = this.#figures;
    figures.begin({ connectionsWanted: plan.connections, isWarmUp: this.#isWarmUp() });
    try {
      return await this.#load.http(plan, {
        phase: (phase) => {
          figures.enter(phase);
          return observer.phase(phase);
        },
        progress: (progress) => observer.progress(progress),
      });
    } finally {
      figures.end(null);
    }
  }

  async #follow<Result>(
    connectionsWanted: number,
    carryOut: () => Promise<Result>,
    settle: (result: Result) => SettledLoad,
  ): Promise<Result> {
    this.#figures.begin({ connectionsWanted, isWarmUp: this.#isWarmUp() });
    let settled: SettledLoad | null = null;
    try {
      const result = await carryOut();
      settled = settle(result);
      return result;
    } finally {
      this.#figures.end(settled);
    }
  }

  #tierObserver<Phase extends LivePhase>(observer: {
    phase(phase: Phase): Promise<void> | void;
    progress: LoadObserver['progress'];
  }) {
    return {
      phase: (phase: Phase): Promise<void> | void => {
        this.#figures.enter(phase);
        return observer.phase(phase);
      },
      progress: (progress: Parameters<LoadObserver['progress']>[0]): void => {
        this.#figures.progress(progress);
        observer.progress(progress);
      },
    };
  }
}

/** A churn has no tier: while clients come and go, so many are there as come in the time that one stays. */
function wantedIn(phase: LivePhase, { connectsPerSecond, stayMs, stormClients }: ChurnPlan): number {
  if (phase === 'churn') return Math.round((connectsPerSecond * (stayMs.min + stayMs.max)) / 2_000);
  return phase === 'gather' || phase === 'storm' || phase === 'drain' ? stormClients : 0;
}
