/** The processes of one churn run as its phases see them: who is asked, who is told, and what stops them all. */

import type { LoadWindow } from '../latency/latency-book.ts';
import type { LoadPlan } from '../load-plan.ts';
import { monotonicUs } from '../monotonic-clock.ts';
import { StopSignal } from '../stop-signal.ts';
import type { PublishReport } from '../worker-messages.ts';
import type { WorkerProcess } from '../worker-process.ts';
import type { FromWorkerOf, FromWorkerType } from '../worker-traffic.ts';
import type { ChurnCommand } from './churn-messages.ts';
import type { ChurnObserver, ChurnPhase, ChurnPlan } from './churn-plan.ts';
import type { ChurnBoard } from './churn-progress.ts';

/** After an interruption each step gets no more than this, so that the whole ends within two seconds. */
export const GRACE_MS = 400;
/** Between a command's announcement and the moment it is for: every worker must have it by then. */
export const START_MARGIN_US = 50_000;

export interface ChurnCrewOptions {
  readonly plan: ChurnPlan;
  readonly observer: ChurnObserver;
  readonly subscribers: readonly WorkerProcess[];
  readonly publisher: WorkerProcess;
  readonly sourceAddresses: readonly string[];
  readonly board: ChurnBoard;
}

export class ChurnCrew {
  readonly stop = new StopSignal();
  readonly subscribers: readonly WorkerProcess[];
  readonly #options: ChurnCrewOptions;
  #phaseFailure: unknown;

  constructor(options: ChurnCrewOptions) {
    this.#options = options;
    this.subscribers = options.subscribers;
  }

  get plan(): ChurnPlan {
    return this.#options.plan;
  }

  get isStopped(): boolean {
    return this.stop.reason !== null;
  }

  /** What the observer threw in a phase that did not wait for it; undefined when it did not. */
  get phaseFailure(): unknown {
    return this.#phaseFailure;
  }

  /** Ends what is under way in every process soon. */
  halt(graceMs: number): void {
    for (const worker of this.subscribers) worker.tell({ type: 'churn-halt', graceMs });
    this.#options.publisher.tell({ type: 'halt', graceMs });
  }

  /** Tells the observer and waits for it; a run that was stopped hurries through the rest by itself. */
  async enter(phase: ChurnPhase): Promise<void> {
    this.#options.board.enter(phase, monotonicUs());
    if (this.isStopped) return;
    await this.stop.orStopped(Promise.resolve(this.#options.observer.phase(phase)));
  }

  /** Tells the observer of a phase that begins on time. What goes wrong in there fails the run at its end. */
  announce(phase: ChurnPhase): void {
    this.enter(phase).catch((error: unknown) => {
      this.#phaseFailure = error;
    });
  }

  tellAll(command: ChurnCommand): void {
    for (const worker of this.subscribers) worker.tell(command);
  }

  async askAll<T extends FromWorkerType>(
    command: ChurnCommand,
    answer: T,
  ): Promise<readonly FromWorkerOf<T>[]> {
    return await Promise.all(this.subscribers.map((worker) => worker.ask(command, answer)));
  }

  /** Resolves when every worker has said it. */
  async allSaid(type: FromWorkerType): Promise<void> {
    await Promise.all(this.subscribers.map((worker) => worker.next(type)));
  }

  /** Readies the publisher; `publisher` is its number in the ledger entries. */
  async preparePublisher(publisher: number): Promise<void> {
    const { plan, sourceAddresses } = this.#options;
    await this.#options.publisher.ask(
      {
        type: 'prepare',
        plan: publishPlan(plan),
        clients: 0,
        slowReaders: 0,
        publisher,
        sourceAddresses,
      },
      'prepared',
    );
  }

  /** Publishes over the window, or until {@link haltPublisher}; never rejects before it is awaited. */
  publish(window: LoadWindow): Promise<PublishReport> {
    const published = this.#options.publisher.ask({ type: 'load', window }, 'published');
    const report = published.then((event) => event.report);
    // A failure meanwhile is reported by whoever runs the churn.
    report.catch(() => undefined);
    return report;
  }

  haltPublisher(graceMs: number): void {
    this.#options.publisher.tell({ type: 'halt', graceMs, isOver: !this.isStopped });
  }

  /** The publisher's own usage over its window. */
  async publisherReport(): Promise<FromWorkerOf<'reported'>> {
    return await this.#options.publisher.ask({ type: 'report', unconfirmedSeqs: [] }, 'reported');
  }
}

/** The tier a publisher needs to hear of: it looks at nothing but what to publish, where and how fast. */
function publishPlan(plan: ChurnPlan): LoadPlan {
  const { stormClients, churnMs, ...shared } = plan;
  return { ...shared, connections: stormClients, arrival: 'uniform', warmUpMs: 0, measureMs: churnMs };
}
