/** One tier of load, phase by phase, over workers that run already. */

import { allotFirst, allotLast } from './allotment.ts';
import { sourceAddresses } from './client/source-addresses.ts';
import { Crew, GRACE_MS, PROGRESS_INTERVAL_MS, windowOf } from './crew.ts';
import type { LoadObserver, LoadPhase, LoadProgress } from './load-observer.ts';
import { type LoadPlan, splitClients } from './load-plan.ts';
import { ProgressBoard } from './load-progress.ts';
import type { LoadResult } from './load-result.ts';
import { mergeReports, type TierOutcome, type WorkerOutcome } from './merge/merge-reports.ts';
import { monotonicUs } from './monotonic-clock.ts';
import { settleDeliveries } from './settle-deliveries.ts';
import type { StopReason } from './stop-signal.ts';
import type { WorkerProcess } from './worker-process.ts';

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
  readonly #shares: readonly number[];
  readonly #board: ProgressBoard;
  readonly #crew: Crew<LoadPhase>;
  readonly #outcome: MutableOutcome;
  #progressTimer: NodeJS.Timeout | undefined;
  #isConnected = false;

  constructor(options: LoadRunOptions) {
    this.#options = options;
    const { plan, subscribers, observer } = options;
    this.#shares = splitClients(plan.connections, subscribers.length).filter((share) => share > 0);
    this.#board = new ProgressBoard(plan, monotonicUs());
    this.#crew = new Crew({
      // With fewer clients than workers, the last workers have nothing to do.
      subscribers: subscribers.slice(0, this.#shares.length),
      observer,
      board: this.#board,
    });
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
    if (!this.#crew.stop.stop(reason)) return;
    this.#outcome.state = reason;
    this.#outcome.loadEndedUs = Math.min(monotonicUs(), this.#outcome.window?.measureEndUs ?? 0);
    for (const worker of this.#all()) worker.tell({ type: 'halt', graceMs: GRACE_MS });
  }

  /** Lets go of timers after a failure of a worker. */
  abandon(): void {
    clearInterval(this.#progressTimer);
    this.#crew.stop.stop('interrupted');
  }

  /** Carries the tier out. */
  async execute(): Promise<LoadResult> {
    const { observer } = this.#options;
    await this.#prepare();
    this.#progressTimer = setInterval(() => observer.progress(this.#readBoard()), PROGRESS_INTERVAL_MS);
    for (const worker of this.#crew.subscribers) worker.onProgress = () => this.#watchConnections();
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
      for (const worker of this.#crew.subscribers) worker.onProgress = () => undefined;
    }
    if (this.#crew.phaseFailure !== undefined) throw this.#crew.phaseFailure;
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
      ...this.#crew.subscribers.map((worker, index) =>
        prepare(worker, this.#shares[index] ?? 0, slow[index] ?? 0),
      ),
    ]);
    // Only now: what a worker said before this may be of the tier before.
    for (const worker of this.#all()) worker.resetProgress();
  }

  async #establish(): Promise<void> {
    await this.#crew.enter('connect');
    if (this.#crew.isStopped) return;
    const answers = await this.#crew.askAll({ type: 'connect' }, 'connected');
    this.#outcome.connects = answers.map((answer) => answer.report);
    this.#isConnected = true;
    if (this.#outcome.connects.every((report) => report.connected === 0)) this.stop('lost-target');
  }

  async #subscribe(): Promise<void> {
    await this.#crew.enter('subscribe');
    if (this.#crew.isStopped) return;
    const startedUs = monotonicUs();
    const answers = await this.#crew.askAll(
      { type: 'join', timeoutMs: this.#options.plan.connectTimeoutMs },
      'joined',
    );
    this.#outcome.joinDurationMs = (monotonicUs() - startedUs) / 1_000;
    this.#outcome.joins = answers.map((answer) => answer.report);
  }

  /** Still within the phase `subscribe`: the pongs are there before the load is. */
  async #ping(): Promise<void> {
    const { pingsPerClient, connectTimeoutMs } = this.#options.plan;
    if (pingsPerClient === undefined || pingsPerClient === 0 || this.#crew.isStopped) return;
    const answers = await this.#crew.askAll(
      { type: 'ping', perClient: pingsPerClient, timeoutMs: connectTimeoutMs },
      'pinged',
    );
    this.#outcome.pingFailures = answers.flatMap((answer) => answer.failures);
  }

  async #load(): Promise<void> {
    await this.#crew.enter('warm-up');
    if (this.#crew.isStopped) return;
    const { plan, publisher } = this.#options;
    const window = windowOf(plan);
    this.#outcome.window = window;
    this.#outcome.loadEndedUs = window.measureEndUs;
    this.#board.loadStarts(window.startUs);
    this.#crew.tellAll({ type: 'load', window });
    const published = publisher.ask({ type: 'load', window }, 'published');
    // A failure meanwhile is reported by whoever runs the tier.
    published.catch(() => undefined);
    const seen = await this.#crew.watch(window, 'measure');
    if (seen !== null) {
      this.#outcome.measureStartedAt = seen.startedAt;
      this.#outcome.machineCpuRatio = seen.machineCpuRatio;
    }
    this.#outcome.publish = (await published).report;
  }

  async #hold(): Promise<void> {
    if (this.#crew.isStopped) return;
    const members = this.#readers().reduce((sum, readers) => sum + readers, 0);
    await settleDeliveries({
      workers: this.#crew.subscribers,
      stop: this.#crew.stop,
      expected: members * (this.#outcome.publish?.acceptedCount ?? 0),
      timeoutMs: this.#options.plan.drainTimeoutMs,
    });
    await this.#crew.enter('hold');
  }

  async #leaveEarly(): Promise<void> {
    const { leaveEarly, drainTimeoutMs } = this.#options.plan;
    if (leaveEarly === undefined || leaveEarly === 0 || this.#crew.isStopped) return;
    const shares = allotFirst(leaveEarly, this.#readers());
    const answers = await Promise.all(
      this.#crew.subscribers.map((worker, index) =>
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
    await this.#crew.enter('part-left');
  }

  async #drain(): Promise<void> {
    await this.#crew.enter('drain');
    const isStopped = this.#crew.isStopped;
    const timeoutMs = isStopped ? GRACE_MS : this.#options.plan.drainTimeoutMs;
    await this.#crew.askAll({ type: 'leave', timeoutMs }, 'left');
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
    await this.#crew.enter('close');
    const timeoutMs = this.#crew.isStopped ? GRACE_MS : this.#options.plan.drainTimeoutMs;
    await this.#crew.askAll({ type: 'close', timeoutMs }, 'closed');
  }

  #watchConnections(): void {
    if (!this.#isConnected || this.#crew.isStopped) return;
    const isLoading = this.#outcome.workers.length === 0;
    if (isLoading && this.#crew.isDeserted) this.stop('lost-target');
  }

  #readBoard(): LoadProgress {
    const progress = this.#crew.subscribers.map((worker) => worker.progress);
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
    return [...this.#crew.subscribers, this.#options.publisher];
  }
}
