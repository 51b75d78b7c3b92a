/** One tick load, phase by phase, over workers that run already. */

import { allotLast } from '../allotment.ts';
import type { LoadWindow } from '../latency/latency-book.ts';
import type { LoadProgress } from '../load-observer.ts';
import { splitClients } from '../load-plan.ts';
import { ProgressBoard } from '../load-progress.ts';
import { machineCpuRatio, readMachineTicks } from '../machine-usage.ts';
import { monotonicUs } from '../monotonic-clock.ts';
import { type StopReason, StopSignal } from '../stop-signal.ts';
import type { WorkerProcess } from '../worker-process.ts';
import type { FromWorkerOf, FromWorkerType } from '../worker-traffic.ts';
import { type TickOutcome, tickResult } from './tick-merge.ts';
import type { TickCommand } from './tick-messages.ts';
import type { FullTickPlan, TickObserver, TickPhase } from './tick-plan.ts';
import type { TickResult } from './tick-result.ts';

const PROGRESS_INTERVAL_MS = 500;
/** Between the window's announcement and the warm-up's start: every worker must have it by then. */
const START_MARGIN_US = 50_000;
/** After an interruption each step gets no more than this, so that the whole ends within two seconds. */
const GRACE_MS = 400;

export interface TickRunOptions {
  readonly plan: FullTickPlan;
  readonly observer: TickObserver;
  readonly subscribers: readonly WorkerProcess[];
  readonly sourceAddresses: readonly string[];
}

type MutableOutcome = { -readonly [Field in keyof TickOutcome]: TickOutcome[Field] };

export class TickRun {
  readonly #options: TickRunOptions;
  readonly #stop = new StopSignal();
  readonly #shares: readonly number[];
  readonly #active: readonly WorkerProcess[];
  readonly #board: ProgressBoard;
  readonly #outcome: MutableOutcome;
  #phaseFailure: unknown;
  #progressTimer: NodeJS.Timeout | undefined;
  #isWatching = false;

  constructor(options: TickRunOptions) {
    this.#options = options;
    const { plan, subscribers } = options;
    this.#shares = splitClients(plan.readers, subscribers.length).filter((share) => share > 0);
    // With fewer readers than workers, the last workers have nothing to do.
    this.#active = subscribers.slice(0, this.#shares.length);
    this.#board = new ProgressBoard({ ...plan, connections: plan.readers }, monotonicUs());
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
    if (!this.#stop.stop(reason)) return;
    this.#outcome.state = reason;
    this.#outcome.endedUs = Math.min(monotonicUs(), this.#outcome.window?.measureEndUs ?? 0);
    for (const worker of this.#active) worker.tell({ type: 'ticks-halt', graceMs: GRACE_MS });
  }

  /** Lets go of timers after a failure of a worker. */
  abandon(): void {
    clearInterval(this.#progressTimer);
    this.#stop.stop('interrupted');
  }

  /** Carries the load out. */
  async execute(): Promise<TickResult> {
    const { observer } = this.#options;
    await this.#prepare();
    this.#progressTimer = setInterval(() => observer.progress(this.#readBoard()), PROGRESS_INTERVAL_MS);
    for (const worker of this.#active) worker.onProgress = () => this.#watchConnections();
    try {
      await this.#connect();
      await this.#load();
      await this.#hold();
      await this.#close();
    } finally {
      clearInterval(this.#progressTimer);
      for (const worker of this.#active) worker.onProgress = () => undefined;
    }
    if (this.#phaseFailure !== undefined) throw this.#phaseFailure;
    return tickResult(this.#outcome);
  }

  async #prepare(): Promise<void> {
    const { plan, sourceAddresses } = this.#options;
    const slow = allotLast(plan.slowReaders, this.#shares);
    let firstReader = 0;
    const prepared = this.#active.map((worker, index) => {
      const readers = this.#shares[index] ?? 0;
      const share = { firstReader, readers, slowReaders: slow[index] ?? 0, sourceAddresses };
      firstReader += readers;
      return worker.ask({ type: 'ticks-prepare', plan, share }, 'ticks-prepared');
    });
    await Promise.all(prepared);
    // Only now: what a worker said before this may be of the load before.
    for (const worker of this.#active) worker.resetProgress();
  }

  async #connect(): Promise<void> {
    await this.#enter('connect');
    if (this.#isStopped()) return;
    const answers = await this.#askAll({ type: 'ticks-connect' }, 'ticks-connected');
    this.#outcome.connects = answers.map((answer) => answer.report);
    this.#isWatching = true;
    if (this.#outcome.connects.every((report) => report.connected === 0)) this.stop('lost-target');
  }

  async #load(): Promise<void> {
    await this.#enter('warm-up');
    if (this.#isStopped()) return;
    const { plan } = this.#options;
    const startUs = monotonicUs() + START_MARGIN_US;
    const measureStartUs = startUs + plan.warmUpMs * 1_000;
    const window: LoadWindow = {
      startUs,
      measureStartUs,
      measureEndUs: measureStartUs + plan.measureMs * 1_000,
    };
    this.#outcome.window = window;
    this.#outcome.endedUs = window.measureEndUs;
    this.#board.loadStarts(startUs);
    for (const worker of this.#active) worker.tell({ type: 'ticks-load', window });
    await this.#measure(window);
  }

  /** Watches the window from outside, while the workers follow the clock by themselves. */
  async #measure(window: LoadWindow): Promise<void> {
    await this.#stop.pause((window.measureStartUs - monotonicUs()) / 1_000);
    if (this.#isStopped()) return;
    this.#outcome.measureStartedAt = Date.now();
    const before = readMachineTicks();
    this.#board.enter('measure');
    // Not awaited: the window runs on time. What goes wrong in there fails the run at its end.
    Promise.resolve(this.#options.observer.phase('measure')).catch((error: unknown) => {
      this.#phaseFailure = error;
    });
    await this.#stop.pause((window.measureEndUs - monotonicUs()) / 1_000);
    this.#outcome.machineCpuRatio = machineCpuRatio(before, readMachineTicks());
  }

  async #hold(): Promise<void> {
    if (this.#isStopped()) return;
    await this.#stop.orStopped(this.#askAll({ type: 'ticks-finish' }, 'ticks-finished'));
    await this.#enter('hold');
  }

  async #close(): Promise<void> {
    await this.#enter('close');
    this.#isWatching = false;
    const timeoutMs = this.#isStopped() ? GRACE_MS : this.#options.plan.drainTimeoutMs;
    const answers = await this.#askAll({ type: 'ticks-close', timeoutMs }, 'ticks-closed');
    this.#outcome.workers = answers.map(({ report }, index) => ({
      worker: this.#active[index]?.index ?? index,
      pid: this.#active[index]?.pid ?? 0,
      connections: this.#outcome.connects[index]?.connected ?? 0,
      report,
    }));
  }

  /** Tells the observer and waits for it; an interrupted load hurries through the rest by itself. */
  async #enter(phase: TickPhase): Promise<void> {
    this.#board.enter(phase);
    if (this.#isStopped()) return;
    await this.#stop.orStopped(Promise.resolve(this.#options.observer.phase(phase)));
  }

  #isStopped(): boolean {
    return this.#stop.reason !== null;
  }

  #watchConnections(): void {
    if (!this.#isWatching || this.#isStopped()) return;
    // Nobody sees the end of a connection that is not read.
    const reading = this.#active.reduce(
      (sum, { progress }) => sum + (progress === null ? 1 : progress.connected - progress.paused),
      0,
    );
    if (reading === 0) this.stop('lost-target');
  }

  #readBoard(): LoadProgress {
    const progress = this.#active.map((worker) => worker.progress);
    return {
      ...this.#board.read(progress, monotonicUs()),
      workers: this.#active.flatMap((worker) => worker.usage),
    };
  }

  async #askAll<T extends FromWorkerType>(
    command: TickCommand,
    answer: T,
  ): Promise<readonly FromWorkerOf<T>[]> {
    return await Promise.all(this.#active.map((worker) => worker.ask(command, answer)));
  }
}
