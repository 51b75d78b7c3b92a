/** A churn run, phase by phase, over workers that run already. */

import { GRACE_MS, PROGRESS_INTERVAL_MS, windowOf } from '../crew.ts';
import { splitClients } from '../load-plan.ts';
import { monotonicUs } from '../monotonic-clock.ts';
import type { StopReason } from '../stop-signal.ts';
import type { WorkerProcess } from '../worker-process.ts';
import { ChurnCrew } from './churn-crew.ts';
import { type ChurnOutcome, churnResult } from './churn-merge.ts';
import type { ChurnObserver, ChurnPlan, ChurnProgress } from './churn-plan.ts';
import { ChurnBoard } from './churn-progress.ts';
import type { ChurnResult } from './churn-result.ts';
import { StormRun } from './churn-storm-run.ts';

export interface ChurnRunOptions {
  readonly plan: ChurnPlan;
  readonly observer: ChurnObserver;
  readonly subscribers: readonly WorkerProcess[];
  readonly publisher: WorkerProcess;
  /** Stands in the ledger entries of the churn; the storm's is the next. */
  readonly tier: number;
  readonly sourceAddresses: readonly string[];
}

type MutableOutcome = { -readonly [Field in keyof ChurnOutcome]: ChurnOutcome[Field] };

export class ChurnRun {
  readonly #options: ChurnRunOptions;
  readonly #crew: ChurnCrew;
  readonly #board: ChurnBoard;
  readonly #outcome: MutableOutcome;
  #progressTimer: NodeJS.Timeout | undefined;

  constructor(options: ChurnRunOptions) {
    this.#options = options;
    const { plan } = options;
    this.#board = new ChurnBoard(plan, monotonicUs());
    this.#crew = new ChurnCrew({ ...options, board: this.#board });
    this.#outcome = {
      plan,
      state: 'completed',
      startedAt: 0,
      startUs: 0,
      endedUs: 0,
      publish: null,
      workers: [],
      machineCpuRatio: null,
      storm: null,
    };
  }

  /** Ends the run soon, with what was measured. */
  stop(reason: StopReason): void {
    if (!this.#crew.stop.stop(reason)) return;
    this.#crew.halt(GRACE_MS);
  }

  /** Lets go of timers after a failure of a worker. */
  abandon(): void {
    clearInterval(this.#progressTimer);
    this.#crew.stop.stop('interrupted');
  }

  /** Carries the run out. */
  async execute(): Promise<ChurnResult> {
    const { observer, subscribers, plan, tier } = this.#options;
    await this.#prepare();
    this.#progressTimer = setInterval(() => observer.progress(this.#readBoard()), PROGRESS_INTERVAL_MS);
    for (const worker of subscribers) worker.onProgress = () => this.#watchTarget();
    try {
      await this.#churn();
      await this.#crew.enter('settled');
      if (plan.stormClients > 0 && !this.#crew.isStopped) {
        this.#outcome.storm = await new StormRun(this.#crew, tier + 1).execute();
      }
    } finally {
      clearInterval(this.#progressTimer);
      for (const worker of subscribers) worker.onProgress = () => undefined;
    }
    if (this.#crew.phaseFailure !== undefined) throw this.#crew.phaseFailure;
    this.#outcome.state = this.#crew.stop.reason ?? 'completed';
    return churnResult(this.#outcome);
  }

  async #prepare(): Promise<void> {
    const { plan, subscribers, tier, sourceAddresses } = this.#options;
    const workers = subscribers.length;
    const storm = plan.stormClients > 0 ? splitClients(plan.stormClients, workers) : [];
    const publishers = { churnPublisher: tier, stormPublisher: tier + 1 };
    await Promise.all([
      this.#crew.preparePublisher(tier),
      ...subscribers.map((worker, index) => {
        const stormClients = storm[index] ?? 0;
        const share = { worker: index, workers, stormClients, ...publishers, sourceAddresses };
        return worker.ask({ type: 'churn-prepare', plan, share }, 'churn-prepared');
      }),
    ]);
    // Only now: what a worker said before this may be of the run before.
    for (const worker of subscribers) worker.resetProgress();
  }

  /** From the first client to the moment when all are gone. */
  async #churn(): Promise<void> {
    const crew = this.#crew;
    if (crew.isStopped) return;
    const { plan } = this.#options;
    const window = windowOf({ warmUpMs: 0, measureMs: plan.churnMs });
    const { startUs, measureEndUs } = window;
    this.#outcome.startUs = startUs;
    const quiet = crew.allSaid('churn-quiet');
    const settled = crew.allSaid('churn-settled');
    for (const each of [quiet, settled]) each.catch(() => undefined);
    crew.tellAll({ type: 'churn-start', startUs });
    const published = crew.publish(window);
    const seen = await crew.watch(window, 'churn');
    if (seen !== null) {
      this.#outcome.startedAt = seen.startedAt;
      this.#outcome.endedUs = crew.isStopped ? Math.min(monotonicUs(), measureEndUs) : measureEndUs;
      this.#outcome.machineCpuRatio = seen.machineCpuRatio;
    }
    await quiet;
    await crew.enter('silence');
    await settled;
    this.#outcome.publish = await published;
    await this.#collect();
  }

  async #collect(): Promise<void> {
    const { subscribers, publisher } = this.#options;
    const unconfirmedSeqs = (this.#outcome.publish?.unconfirmed ?? []).map(({ seq }) => seq);
    const [answers, { window }] = await Promise.all([
      this.#crew.askAll({ type: 'churn-report', unconfirmedSeqs }, 'churn-reported'),
      this.#crew.publisherReport(),
    ]);
    const identify = ({ index, role, pid }: WorkerProcess) => ({ worker: index, role, pid });
    this.#outcome.workers = [
      ...answers.flatMap(({ report }, index) => {
        const worker = subscribers[index];
        return worker === undefined ? [] : [{ ...identify(worker), churn: report, window: report.window }];
      }),
      { ...identify(publisher), churn: null, window },
    ];
  }

  #watchTarget(): void {
    if (this.#board.isTargetLost(this.#progress())) this.stop('lost-target');
  }

  #readBoard(): ChurnProgress {
    const { subscribers, publisher } = this.#options;
    return {
      ...this.#board.read(this.#progress(), monotonicUs()),
      workers: [...subscribers, publisher].flatMap((worker) => worker.usage),
    };
  }

  #progress() {
    return this.#options.subscribers.map((worker) => worker.progress);
  }
}
