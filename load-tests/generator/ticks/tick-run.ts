/** One tick load, phase by phase, over workers that run already. */

import { allotLast } from '../allotment.ts';
import { Crew, GRACE_MS, PROGRESS_INTERVAL_MS, windowOf } from '../crew.ts';
import type { LoadProgress } from '../load-observer.ts';
import { splitClients } from '../load-plan.ts';
import { ProgressBoard } from '../load-progress.ts';
import { monotonicUs } from '../monotonic-clock.ts';
import type { StopReason } from '../stop-signal.ts';
import type { WorkerProcess } from '../worker-process.ts';
import { type TickOutcome, tickResult } from './tick-merge.ts';
import type { FullTickPlan, TickObserver, TickPhase } from './tick-plan.ts';
import type { TickResult } from './tick-result.ts';

export interface TickRunOptions {
  readonly plan: FullTickPlan;
  readonly observer: TickObserver;
  readonly subscribers: readonly WorkerProcess[];
  readonly sourceAddresses: readonly string[];
}

type MutableOutcome = { -readonly [Field in keyof TickOutcome]: TickOutcome[Field] };

export class TickRun {
  readonly #options: TickRunOptions;
  readonly #shares: readonly number[];
  readonly #board: ProgressBoard;
  readonly #crew: Crew<TickPhase>;
  readonly #outcome: MutableOutcome;
  #progressTimer: NodeJS.Timeout | undefined;
  #isWatching = false;

  constructor(options: TickRunOptions) {
    this.#options = options;
    const { plan, subscribers, observer } = options;
    this.#shares = splitClients(plan.readers, subscribers.length).filter((share) => share > 0);
    this.#board = new ProgressBoard({ ...plan, connections: plan.readers }, monotonicUs());
    this.#crew = new Crew({
      // With fewer readers than workers, the last workers have nothing to do.
      subscribers: subscribers.slice(0, this.#shares.length),
      observer,
      board: this.#board,
    });
    this.#outcome = {
      plan,
      state: 'completed',
      window: null,
      endedUs: 0,
      measureStartedAt: 0,
      connects: [],
      workers: [],
      machineCpuRatio: null,
    };
  }

  /** Ends the load soon, with what was measured. */
  stop(reason: StopReason): void {
    if (!this.#crew.stop.stop(reason)) return;
    this.#outcome.state = reason;
    this.#outcome.endedUs = Math.min(monotonicUs(), this.#outcome.window?.measureEndUs ?? 0);
    this.#crew.tellAll({ type: 'ticks-halt', graceMs: GRACE_MS });
  }

  /** Lets go of timers after a failure of a worker. */
  abandon(): void {
    clearInterval(this.#progressTimer);
    this.#crew.stop.stop('interrupted');
  }

  /** Carries the load out. */
  async execute(): Promise<TickResult> {
    const { observer } = this.#options;
    await this.#prepare();
    this.#progressTimer = setInterval(() => observer.progress(this.#readBoard()), PROGRESS_INTERVAL_MS);
    for (const worker of this.#crew.subscribers) worker.onProgress = () => this.#watchConnections();
    try {
      await this.#connect();
      await this.#load();
      await this.#hold();
      await this.#close();
    } finally {
      clearInterval(this.#progressTimer);
      for (const worker of this.#crew.subscribers) worker.onProgress = () => undefined;
    }
    if (this.#crew.phaseFailure !== undefined) throw this.#crew.phaseFailure;
    return tickResult(this.#outcome);
  }

  async #prepare(): Promise<void> {
    const { plan, sourceAddresses } = this.#options;
    const slow = allotLast(plan.slowReaders, this.#shares);
    let firstReader = 0;
    const prepared = this.#crew.subscribers.map((worker, index) => {
      const readers = this.#shares[index] ?? 0;
      const share = { firstReader, readers, slowReaders: slow[index] ?? 0, sourceAddresses };
      firstReader += readers;
      return worker.ask({ type: 'ticks-prepare', plan, share }, 'ticks-prepared');
    });
    await Promise.all(prepared);
    // Only now: what a worker said before this may be of the load before.
    for (const worker of this.#crew.subscribers) worker.resetProgress();
  }

  async #connect(): Promise<void> {
    await this.#crew.enter('connect');
    if (this.#crew.isStopped) return;
    const answers = await this.#crew.askAll({ type: 'ticks-connect' }, 'ticks-connected');
    this.#outcome.connects = answers.map((answer) => answer.report);
    this.#isWatching = true;
    if (this.#outcome.connects.every((report) => report.connected === 0)) this.stop('lost-target');
  }

  async #load(): Promise<void> {
    await this.#crew.enter('warm-up');
    if (this.#crew.isStopped) return;
    const window = windowOf(this.#options.plan);
    this.#outcome.window = window;
    this.#outcome.endedUs = window.measureEndUs;
    this.#board.loadStarts(window.startUs);
    this.#crew.tellAll({ type: 'ticks-load', window });
    const seen = await this.#crew.watch(window, 'measure');
    if (seen !== null) {
      this.#outcome.measureStartedAt = seen.startedAt;
      this.#outcome.machineCpuRatio = seen.machineCpuRatio;
    }
  }

  async #hold(): Promise<void> {
    if (this.#crew.isStopped) return;
    await this.#crew.stop.orStopped(this.#crew.askAll({ type: 'ticks-finish' }, 'ticks-finished'));
    await this.#crew.enter('hold');
  }

  async #close(): Promise<void> {
    await this.#crew.enter('close');
    this.#isWatching = false;
    const timeoutMs = this.#crew.isStopped ? GRACE_MS : this.#options.plan.drainTimeoutMs;
    const answers = await this.#crew.askAll({ type: 'ticks-close', timeoutMs }, 'ticks-closed');
    this.#outcome.workers = answers.map(({ report }, index) => ({
      worker: this.#crew.subscribers[index]?.index ?? index,
      pid: this.#crew.subscribers[index]?.pid ?? 0,
      connections: this.#outcome.connects[index]?.connected ?? 0,
      report,
    }));
  }

  #watchConnections(): void {
    if (!this.#isWatching || this.#crew.isStopped) return;
    if (this.#crew.isDeserted) this.stop('lost-target');
  }

  #readBoard(): LoadProgress {
    const progress = this.#crew.subscribers.map((worker) => worker.progress);
    return {
      ...this.#board.read(progress, monotonicUs()),
      workers: this.#crew.subscribers.flatMap((worker) => worker.usage),
    };
  }
}
