/** The processes of one run as its phases see them: who is asked, who is told, and what stops them all. */

import type { LoadWindow } from './latency/latency-book.ts';
import { machineCpuRatio, readMachineTicks } from './machine-usage.ts';
import { monotonicUs } from './monotonic-clock.ts';
import { StopSignal } from './stop-signal.ts';
import type { WorkerProcess } from './worker-process.ts';
import type { FromWorkerOf, FromWorkerType, ToWorker } from './worker-traffic.ts';

/** How often an observer hears of progress. */
export const PROGRESS_INTERVAL_MS = 500;
/** Between a command's announcement and the moment it is for: every worker must have it by then. */
export const START_MARGIN_US = 50_000;
/** After an interruption each step gets no more than this, so that the whole ends within two seconds. */
export const GRACE_MS = 400;

export interface CrewOptions<Phase> {
  /** Those that hold clients. */
  readonly subscribers: readonly WorkerProcess[];
  readonly observer: { phase(phase: Phase): Promise<void> | void };
  readonly board: { enter(phase: Phase, nowUs: number): void };
}

/** What was seen of a window from outside. */
export interface SeenWindow {
  /** Epoch ms. */
  readonly startedAt: number;
  /** Null where the machine does not say. */
  readonly machineCpuRatio: number | null;
}

export class Crew<Phase> {
  readonly stop = new StopSignal();
  readonly subscribers: readonly WorkerProcess[];
  readonly #options: CrewOptions<Phase>;
  #phaseFailure: unknown;

  constructor(options: CrewOptions<Phase>) {
    this.#options = options;
    this.subscribers = options.subscribers;
  }

  get isStopped(): boolean {
    return this.stop.reason !== null;
  }

  /** What the observer threw in a phase that did not wait for it; undefined when it did not. */
  get phaseFailure(): unknown {
    return this.#phaseFailure;
  }

  /** Whether no connection is left that is read: nobody sees the end of one that is not. */
  get isDeserted(): boolean {
    const reading = this.subscribers.reduce(
      (sum, { progress }) => sum + (progress === null ? 1 : progress.connected - progress.paused),
      0,
    );
    return reading === 0;
  }

  /** Tells the observer and waits for it; a run that was stopped hurries through the rest by itself. */
  async enter(phase: Phase): Promise<void> {
    const { board, observer } = this.#options;
    board.enter(phase, monotonicUs());
    if (this.isStopped) return;
    await this.stop.orStopped(Promise.resolve(observer.phase(phase)));
  }

  /** Tells the observer of a phase that begins on time. What goes wrong in there fails the run at its end. */
  announce(phase: Phase): void {
    const { board, observer } = this.#options;
    board.enter(phase, monotonicUs());
    const told = async () => await observer.phase(phase);
    told().catch((error: unknown) => {
      this.#phaseFailure = error;
    });
  }

  /**
   * Watches a window from outside, while the processes follow the clock by themselves.
   *
   * @param phase begins with the window
   * @returns null when the run was stopped before
   */
  async watch({ measureStartUs, measureEndUs }: LoadWindow, phase: Phase): Promise<SeenWindow | null> {
    await this.stop.pause((measureStartUs - monotonicUs()) / 1_000);
    if (this.isStopped) return null;
    const startedAt = Date.now();
    const before = readMachineTicks();
    this.announce(phase);
    await this.stop.pause((measureEndUs - monotonicUs()) / 1_000);
    return { startedAt, machineCpuRatio: machineCpuRatio(before, readMachineTicks()) };
  }

  tellAll(command: ToWorker): void {
    for (const worker of this.subscribers) worker.tell(command);
  }

  async askAll<T extends FromWorkerType>(command: ToWorker, answer: T): Promise<readonly FromWorkerOf<T>[]> {
    return await Promise.all(this.subscribers.map((worker) => worker.ask(command, answer)));
  }
}

/** The window of a plan: it begins as soon as every process can know of it. */
export function windowOf(plan: { readonly warmUpMs: number; readonly measureMs: number }): LoadWindow {
  const startUs = monotonicUs() + START_MARGIN_US;
  const measureStartUs = startUs + plan.warmUpMs * 1_000;
  return { startUs, measureStartUs, measureEndUs: measureStartUs + plan.measureMs * 1_000 };
}
