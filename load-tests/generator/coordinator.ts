/** The generator's parent side: forks the workers, runs tiers, churns, tick and HTTP loads over them, ends them. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { ChurnObserver, ChurnPlan } from './churn/churn-plan.ts';
import { checkChurnPlan } from './churn/churn-plan-check.ts';
import type { ChurnResult } from './churn/churn-result.ts';
import { ChurnRun } from './churn/churn-run.ts';
import { CONNECTIONS_PER_ADDRESS, sourceAddresses } from './client/source-addresses.ts';
import { checkHttpPlan, type HttpLoadPlan, type HttpObserver } from './http/http-plan.ts';
import type { HttpLoadResult } from './http/http-result.ts';
import { HttpRun } from './http/http-run.ts';
import type { LoadObserver } from './load-observer.ts';
import type { LoadPlan } from './load-plan.ts';
import { checkPlan } from './load-plan-check.ts';
import type { LoadResult } from './load-result.ts';
import { LoadRun } from './load-run.ts';
import type { StopReason } from './stop-signal.ts';
import { checkBrowser } from './ticks/browser/chromium.ts';
import { fullTickPlan, isBrowserReader, type TickObserver, type TickPlan } from './ticks/tick-plan.ts';
import { checkTickPlan } from './ticks/tick-plan-check.ts';
import type { TickResult } from './ticks/tick-result.ts';
import { TickRun } from './ticks/tick-run.ts';
import { visitCount } from './worker/churn/churn-schedule.ts';
import { WorkerProcess } from './worker-process.ts';

/** How often workers are looked at. */
const LIFE_CHECK_MS = 1_000;
/** A worker reports twice a second; silence through this many looks means that it hangs. */
const MAX_SILENT_CHECKS = 15;
/** How long all workers together may take to come up. */
const START_TIMEOUT_MS = 30_000;

/** What the coordinator carries out: one at a time. */
interface Run<Result> {
  execute(): Promise<Result>;
  stop(reason: StopReason): void;
  abandon(): void;
}

export interface CoordinatorOptions {
  /** Subscriber processes; one publisher process comes on top. */
  readonly workers: number;
  /** Ends the tier that runs with what was measured. */
  readonly signal?: AbortSignal;
  /** Seconds of silence after which a worker has failed. @defaultValue 15 */
  readonly maxSilentSeconds?: number;
}

/**
 * Runs load over forked workers.
 *
 * Its processes end with {@link stop}, after a failure of any of them, or when this process goes away.
 */
export class LoadCoordinator {
  readonly #subscribers: readonly WorkerProcess[];
  readonly #publisher: WorkerProcess;
  readonly #signal: AbortSignal | undefined;
  readonly #maxSilentChecks: number;
  /** Rejects when a worker fails; never resolves. */
  readonly #failed: Promise<never>;
  #failure: TouchlineError | null = null;
  #lifeTimer: NodeJS.Timeout | undefined;
  #run: Run<unknown> | null = null;
  #tier = 0;
  /** Started at a place of its own, so that two programs in a row do not share addresses in TIME_WAIT. */
  #nextAddress = process.pid % 1_000;

  private constructor(options: CoordinatorOptions) {
    const { workers } = options;
    this.#signal = options.signal;
    this.#maxSilentChecks = options.maxSilentSeconds ?? MAX_SILENT_CHECKS;
    this.#subscribers = Array.from(
      { length: workers },
      (_, index) => new WorkerProcess(index, 'subscribers'),
    );
    this.#publisher = new WorkerProcess(workers, 'publisher');
    this.#failed = new Promise((_, reject) => {
      for (const worker of this.#all()) {
        worker.onFailure = (error) => {
          this.#failure ??= error;
          reject(error);
          // One worker less is another load than was asked for: nothing of it can go on.
          for (const each of this.#all()) each.kill();
        };
      }
    });
    this.#failed.catch(() => undefined);
  }

  /**
   * Forks `workers` subscriber processes and a publisher.
   *
   * @throws TouchlineError `TL_PLAN_INVALID` when `workers` is no positive integer
   * @throws TouchlineError `TL_WORKER_FAILED` when one does not come up
   */
  static async start(options: CoordinatorOptions): Promise<LoadCoordinator> {
    if (!Number.isInteger(options.workers) || options.workers < 1) {
      throw new TouchlineError(
        'TL_PLAN_INVALID',
        `expected at least 1 worker, a whole number; received ${options.workers}`,
      );
    }
    const coordinator = new LoadCoordinator(options);
    const ready = coordinator.#all().map((worker) => worker.next('ready'));
    const timer = setTimeout(() => coordinator.#publisher.giveUp('did not start in time'), START_TIMEOUT_MS);
    try {
      await Promise.all(ready);
    } finally {
      clearTimeout(timer);
    }
    coordinator.#lifeTimer = setInterval(() => coordinator.#checkLife(), LIFE_CHECK_MS);
    coordinator.#lifeTimer.unref();
    return coordinator;
  }

  /**
   * Carries out one tier with fresh connections. Failures of the target are data in the result.
   *
   * @throws TouchlineError `TL_PLAN_INVALID` for a plan that can't be carried out
   * @throws TouchlineError `TL_WORKER_FAILED` when a worker crashes or stops answering; all workers are ended then
   */
  async run(plan: LoadPlan, observer: LoadObserver): Promise<LoadResult> {
    checkPlan(plan);
    if (this.#failure !== null) throw this.#failure;
    const run = new LoadRun({
      plan,
      observer,
      subscribers: this.#subscribers,
      publisher: this.#publisher,
      tier: this.#tier,
      firstAddress: this.#nextAddress,
    });
    this.#tier += 1;
    this.#nextAddress += Math.ceil(plan.connections / CONNECTIONS_PER_ADDRESS);
    return await this.#carryOut(run);
  }

  /**
   * Carries out a churn run with fresh connections. Failures of the target are data in the result.
   *
   * @throws TouchlineError `TL_PLAN_INVALID` for a plan that can't be carried out
   * @throws TouchlineError `TL_WORKER_FAILED` when a worker crashes or stops answering; all workers are ended then
   */
  async churn(plan: ChurnPlan, observer: ChurnObserver): Promise<ChurnResult> {
    checkChurnPlan(plan);
    if (this.#failure !== null) throw this.#failure;
    // A client of the storm connects twice.
    const connections = visitCount(plan) + 2 * plan.stormClients;
    const addresses = sourceAddresses(new URL(plan.target.wsUrl).hostname, connections, this.#nextAddress);
    const run = new ChurnRun({
      plan,
      observer,
      subscribers: this.#subscribers,
      publisher: this.#publisher,
      tier: this.#tier,
      sourceAddresses: addresses,
    });
    // The churn's messages and the storm's have a number each.
    this.#tier += 2;
    this.#nextAddress += addresses.length;
    return await this.#carryOut(run);
  }

  /**
   * Reads a tick feed over fresh connections. Failures of the target are data in the result.
   *
   * @throws TouchlineError `TL_PLAN_INVALID` for a plan that can't be carried out
   * @throws TouchlineError `TL_BROWSER_UNAVAILABLE` for a browser reader without a browser
   * @throws TouchlineError `TL_WORKER_FAILED` when a worker crashes or stops answering; all workers are ended then
   */
  async ticks(plan: TickPlan, observer: TickObserver): Promise<TickResult> {
    checkTickPlan(plan);
    if (isBrowserReader(plan.reader)) await checkBrowser(plan.browser?.executablePath);
    if (this.#failure !== null) throw this.#failure;
    const host = new URL(plan.target.wsUrl).hostname;
    const addresses = sourceAddresses(host, plan.readers, this.#nextAddress);
    const run = new TickRun({
      plan: fullTickPlan(plan),
      observer,
      subscribers: this.#subscribers,
      sourceAddresses: addresses,
    });
    this.#nextAddress += addresses.length;
    return await this.#carryOut(run);
  }

  /**
   * Sends one HTTP request over and over, closed. Failures of the target are data in the result.
   *
   * @throws TouchlineError `TL_PLAN_INVALID` for a plan that can't be carried out
   * @throws TouchlineError `TL_WORKER_FAILED` when a worker crashes or stops answering; all workers are ended then
   */
  async http(plan: HttpLoadPlan, observer: HttpObserver): Promise<HttpLoadResult> {
    checkHttpPlan(plan);
    if (this.#failure !== null) throw this.#failure;
    return await this.#carryOut(new HttpRun({ plan, observer, worker: this.#publisher }));
  }

  async #carryOut<Result>(run: Run<Result>): Promise<Result> {
    this.#run = run;
    const interrupt = (): void => run.stop('interrupted');
    this.#signal?.addEventListener('abort', interrupt);
    if (this.#signal?.aborted === true) interrupt();
    try {
      return await Promise.race([run.execute(), this.#failed]);
    } finally {
      this.#signal?.removeEventListener('abort', interrupt);
      run.abandon();
      this.#run = null;
    }
  }

  /** Ends all workers; resolves when they are gone. A tier that still runs fails. */
  async stop(): Promise<void> {
    this.#run?.abandon();
    clearInterval(this.#lifeTimer);
    await Promise.all(this.#all().map((worker) => worker.stop()));
  }

  #checkLife(): void {
    for (const worker of this.#all()) {
      if (worker.checkLife() > this.#maxSilentChecks) {
        worker.giveUp(`said nothing for ${this.#maxSilentChecks} s`);
      }
    }
  }

  #all(): readonly WorkerProcess[] {
    return [...this.#subscribers, this.#publisher];
  }
}
