/** The processes of one churn run: beside those that hold clients the publisher, which is readied, started and halted. */

import { Crew } from '../crew.ts';
import type { LoadWindow } from '../latency/latency-book.ts';
import type { LoadPlan } from '../load-plan.ts';
import type { PublishReport } from '../worker-messages.ts';
import type { WorkerProcess } from '../worker-process.ts';
import type { FromWorkerOf, FromWorkerType } from '../worker-traffic.ts';
import type { ChurnObserver, ChurnPhase, ChurnPlan } from './churn-plan.ts';
import type { ChurnBoard } from './churn-progress.ts';

export interface ChurnCrewOptions {
  readonly plan: ChurnPlan;
  readonly observer: ChurnObserver;
  readonly subscribers: readonly WorkerProcess[];
  readonly publisher: WorkerProcess;
  readonly sourceAddresses: readonly string[];
  readonly board: ChurnBoard;
}

export class ChurnCrew extends Crew<ChurnPhase> {
  readonly #options: ChurnCrewOptions;

  constructor(options: ChurnCrewOptions) {
    super(options);
    this.#options = options;
  }

  get plan(): ChurnPlan {
    return this.#options.plan;
  }

  /** Ends what is under way in every process soon. */
  halt(graceMs: number): void {
    this.tellAll({ type: 'churn-halt', graceMs });
    this.#options.publisher.tell({ type: 'halt', graceMs });
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
