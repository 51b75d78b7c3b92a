/** One tier of load, phase by phase, over workers that run already. */

import { allotFirst, allotLast } from './allotment.ts';
import { sourceAddresses } from './client/source-addresses.ts';
import type { LoadWindow } from './latency/latency-book.ts';
import type { LoadObserver, LoadPhase, LoadProgress } from './load-observer.ts';
import { type LoadPlan, splitClients } from './load-plan.ts';
import { ProgressBoard } from './load-progress.ts';
import type { LoadResult } from './load-result.ts';
import { machineCpuRatio, readMachineTicks } from './machine-usage.ts';
import { mergeReports, type TierOutcome, type WorkerOutcome } from './merge/merge-reports.ts';
import { monotonicUs } from './monotonic-clock.ts';
import { settleDeliveries } from './settle-deliveries.ts';
import { type StopReason, StopSignal } from './stop-signal.ts';
import type { WorkerCommand, WorkerEventType } from './worker-messages.ts';
import type { WorkerProcess } from './worker-process.ts';

const PROGRESS_INTERVAL_MS = 500;
/** Between the schedule's announcement and its first send: every worker must have it by then. */
const START_MARGIN_US = 50_000;
/** After an interruption each step gets no more than this, so that the whole ends within two seconds. */
const GRACE_MS = 400;

export interface LoadRunOptions {
  readonly plan: LoadPlan;
  readonly observer: LoadObserver;
  readonly subscribers: readonly WorkerProcess[];
  readonly publisher: WorkerProcess;
  /** This tier's number in the ledger entries. */
  readonly tier: number;
  /** Where its source addresses begin; see {@link sourceAddresses}. */
  readonly firstAddress: number;
}

type MutableOutcome = { -readonly [Field in keyof TierOutcome]: TierOutcome[Field] };

export class LoadRun {
  readonly #options: LoadRunOptions;
  readonly #stop = new StopSignal();
  readonly #shares: readonly number[];
  readonly #active: readonly WorkerProcess[];
  readonly #board: ProgressBoard;
  readonly #outcome: MutableOutcome;
  #phaseFailure: unknown;
  #progressTimer: NodeJS.Timeout | undefined;
  #isConnected = false;

  constructor(options: LoadRunOptions) {
    this.#options = options;
    const { plan, subscribers } = options;
    this.#shares = splitClients(plan.connections, subscribers.length).filter((share) => share > 0);
    // With fewer clients than workers, the last workers have nothing to do.
    this.#active = subscribers.slice(0, this.#shares.length);
    this.#board = new ProgressBoard(plan, monotonicUs());
    this.#outcome = {
      plan,
      state: 'completed',
      window: null,
      loadEndedUs: 0,
      measureStartedAt: 0,
      connects: [],
      joins: [],
      joinDurationMs: 0,
      pingFailures: [],
      leftEarly: null,
      publish: null,
      workers: [],
      machineCpuRatio: null,
    };
  }

  /** Ends the tier soon, with what was measured. */
  stop(reason: StopReason): void {
    if (!this.#stop.stop(reason)) return;
    this.#outcome.state = reason;
    this.#outcome.loadEndedUs = Math.min(monotonicUs(), this.#outcome.window?.measureEndUs ?? 0);
    for (const worker of this.#all()) worker.tell({ type: 'halt', graceMs: GRACE_MS });
  }

  /** Lets go of timers after a failure of a worker. */
  abandon(): void {
    clearInterval(this.#progressTimer);
    this.#stop.stop('interrupted');
  }

  /** Carries the tier out. */
  async execute(): Promise<LoadResult> {
    const { observer } = this.#options;
    await this.#prepare();
    this.#progressTimer = setInterval(() => observer.progress(this.#readBoard()), PROGRESS_INTERVAL_MS);
    for (const worker of this.#active) worker.onProgress = () => this.#watchConnections();
    try {
      await this.#establish();
      await this.#subscribe();
      await this.#ping();
      await this.#load();
      await this.#hold();
      await this.#leaveEarly();
      await this.#drain();
      await this.#close();
    } finally {
      clearInterval(this.#progressTimer);
      for (const worker of this.#active) worker.onProgress = () => undefined;
    }
    if (this.#phaseFailure !== undefined) throw this.#phaseFailure;
    return mergeReports(this.#outcome);
  }

  async #prepare(): Promise<void> {
    const { plan, publisher, tier, firstAddress } = this.#options;
    const host = new URL(plan.target.wsUrl).hostname;
    const addresses = sourceAddresses(host, plan.connections, firstAddress);
    const slow = allotLast(plan.slowReaders ?? 0, this.#shares);
    const prepare = (worker: WorkerProcess, clients: number, slowReaders: number) =>
      worker.ask(
        { type: 'prepare', plan, clients, slowReaders, publisher: tier, sourceAddresses: addresses },
        'prepared',
      );
    await Promise.all([
      prepare(publisher, 0, 0),
      ...this.#active.map((worker, index) => prepare(worker, this.#shares[index] ?? 0, slow[index] ?? 0)),
    ]);
    // Only now: what a worker said before this may be of the tier before.
    for (const worker of this.#all()) worker.resetProgress();
  }

  async #establish(): Promise<void> {
    await this.#enter('connect');
    if (this.#stop.reason !== null) return;
    const answers = await this.#askAll({ type: 'connect' }, 'connected');
    this.#outcome.connects = answers.map((answer) => answer.report);
    this.#isConnected = true;
    if (this.#outcome.connects.every((report) => report.connected === 0)) this.stop('lost-target');
  }

  async #subscribe(): Promise<void> {
    await this.#enter('subscribe');
    if (this.#stop.reason !== null) return;
    const startedUs = monotonicUs();
    const answers = await this.#askAll(
      { type: 'join', timeoutMs: this.#options.plan.connectTimeoutMs },
      'joined',
    );
    this.#outcome.joinDurationMs = (monotonicUs() - startedUs) / 1_000;
    this.#outcome.joins = answers.map((answer) => answer.report);
  }

  /** Still within the phase `subscribe`: the pongs are there before the load is. */
  async #ping(): Promise<void> {
    const { pingsPerClient, connectTimeoutMs } = this.#options.plan;
    if (pingsPerClient === undefined || pingsPerClient === 0 || this.#stop.reason !== null) return;
    const answers = await this.#askAll(
      { type: 'ping', perClient: pingsPerClient, timeoutMs: connectTimeoutMs },
      'pinged',
    );
    this.#outcome.pingFailures = answers.flatMap((answer) => answer.failures);
  }

  async #load(): Promise<void> {
    await this.#enter('warm-up');
    if (this.#stop.reason !== null) return;
    const { plan, publisher } = this.#options;
    const startUs = monotonicUs() + START_MARGIN_US;
    const measureStartUs = startUs + plan.warmUpMs * 1_000;
    const window: LoadWindow = {
      startUs,
      measureStartUs,
      measureEndUs: measureStartUs + plan.measureMs * 1_000,
    };
    this.#outcome.window = window;
    this.#outcome.loadEndedUs = window.measureEndUs;
    this.#board.loadStarts(startUs);
    for (const worker of this.#active) worker.tell({ type: 'load', window });
    const published = publisher.ask({ type: 'load', window }, 'published');
    // A failure meanwhile is reported by whoever runs the tier.
    published.catch(() => undefined);
    await this.#measure(window);
    this.#outcome.publish = (await published).report;
  }

  /** Watches the window from outside, while workers and publisher follow the clock by themselves. */
  async #measure(window: LoadWindow): Promise<void> {
    await this.#stop.pause((window.measureStartUs - monotonicUs()) / 1_000);
    if (this.#stop.reason !== null) return;
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
    if (this.#stop.reason !== null) return;
    const members = this.#readers().reduce((sum, readers) => sum + readers, 0);
    await settleDeliveries({
      workers: this.#active,
      stop: this.#stop,
      expected: members * (this.#outcome.publish?.acceptedCount ?? 0),
      timeoutMs: this.#options.plan.drainTimeoutMs,
    });
    await this.#enter('hold');
  }

  async #leaveEarly(): Promise<void> {
    const { leaveEarly, drainTimeoutMs } = this.#options.plan;
    if (leaveEarly === undefined || leaveEarly === 0 || this.#stop.reason !== null) return;
    const shares = allotFirst(leaveEarly, this.#readers());
    const answers = await Promise.all(
      this.#active.map((worker, index) =>
        worker.ask(
          { type: 'leave-early', clients: shares[index] ?? 0, timeoutMs: drainTimeoutMs },
          'left-early',
        ),
      ),
    );
    this.#outcome.leftEarly = {
      asked: shares.reduce((sum, share) => sum + share, 0),
      acknowledged: answers.reduce((sum, answer) => sum + answer.acknowledged, 0),
    };
    await this.#enter('part-left');
  }

  async #drain(): Promise<void> {
    await this.#enter('drain');
    const isStopped = this.#stop.reason !== null;
    const timeoutMs = isStopped ? GRACE_MS : this.#options.plan.drainTimeoutMs;
    await this.#askAll({ type: 'leave', timeoutMs }, 'left');
    const unconfirmedSeqs = this.#outcome.publish?.unconfirmed.map((publish) => publish.seq) ?? [];
    this.#outcome.workers = await Promise.all(
      this.#all().map((worker) => this.#reportOf(worker, unconfirmedSeqs)),
    );
  }

  async #reportOf(worker: WorkerProcess, unconfirmedSeqs: readonly number[]): Promise<WorkerOutcome> {
    const { window, subscribers } = await worker.ask({ type: 'report', unconfirmedSeqs }, 'reported');
    const connections =
      worker.role === 'publisher' ? 0 : (this.#outcome.connects[worker.index]?.connected ?? 0);
    return { worker: worker.index, role: worker.role, pid: worker.pid, connections, window, subscribers };
  }

  async #close(): Promise<void> {
    await this.#enter('close');
    const timeoutMs = this.#stop.reason === null ? this.#options.plan.drainTimeoutMs : GRACE_MS;
    await this.#askAll({ type: 'close', timeoutMs }, 'closed');
  }

  /** Tells the observer and waits for it; an interrupted tier hurries through the rest by itself. */
  async #enter(phase: LoadPhase): Promise<void> {
    this.#board.enter(phase);
    if (this.#stop.reason !== null) return;
    await this.#stop.orStopped(Promise.resolve(this.#options.observer.phase(phase)));
  }

  #watchConnections(): void {
    if (!this.#isConnected || this.#stop.reason !== null) return;
    const isLoading = this.#outcome.workers.length === 0;
    // Nobody sees the end of a connection that is not read.
    const reading = this.#active.reduce(
      (sum, { progress }) => sum + (progress === null ? 1 : progress.connected - progress.paused),
      0,
    );
    if (isLoading && reading === 0) this.stop('lost-target');
  }

  #readBoard(): LoadProgress {
    const progress = this.#active.map((worker) => worker.progress);
    return {
      ...this.#board.read(progress, monotonicUs()),
      workers: this.#all().flatMap((worker) => worker.usage),
    };
  }

  /** Members of each worker that the ledger is about. */
  #readers(): readonly number[] {
    return this.#outcome.joins.map((join) => join.acknowledged - join.slowReaders);
  }

  #all(): readonly WorkerProcess[] {
    return [...this.#active, this.#options.publisher];
  }

  async #askAll<T extends WorkerEventType>(command: WorkerCommand, answer: T) {
    return await Promise.all(this.#active.map((worker) => worker.ask(command, answer)));
  }
}
