/** The publisher process: carries out the parent's commands with one {@link Publisher} a tier. */

import { createWorkload } from '../../workloads/workload-by-name.ts';
import { isIpv4Loopback } from '../client/source-addresses.ts';
import { targetAddress } from '../client/target-address.ts';
import type { LoadWindow } from '../latency/latency-book.ts';
import type { WorkerCommand, WorkerEvent } from '../worker-messages.ts';
import { HttpPoster, type PosterRoute } from './http-poster.ts';
import { MeasuredWindow } from './measured-window.ts';
import { Publisher } from './publisher.ts';

type PrepareCommand = Extract<WorkerCommand, { readonly type: 'prepare' }>;

export class PublisherWorker {
  readonly #send: (event: WorkerEvent) => void;
  #prepared: (PrepareCommand & { readonly route: PosterRoute }) | null = null;
  #publisher: Publisher | null = null;
  #window: MeasuredWindow | null = null;

  constructor(send: (event: WorkerEvent) => void) {
    this.#send = send;
  }

  /** Carries out a command; its answer goes to the parent. */
  async handle(command: WorkerCommand): Promise<void> {
    switch (command.type) {
      case 'prepare':
        this.#prepared = { ...command, route: await routeTo(command) };
        this.#publisher = null;
        this.#window = null;
        this.#send({ type: 'prepared' });
        break;
      case 'load':
        await this.#load(command.window);
        break;
      case 'halt':
        this.#window?.end();
        this.#publisher?.halt(command.graceMs);
        break;
      case 'report':
        this.#send({ type: 'reported', window: this.#window?.report() ?? null, subscribers: null });
        break;
      default:
        throw new Error(`a publisher takes no ${command.type}`);
    }
  }

  /** Nothing but a sign of life: what it published is told at the end. */
  progress(): WorkerEvent {
    return { type: 'progress', connected: 0, received: 0, gaps: 0, latency: null };
  }

  async #load(window: LoadWindow): Promise<void> {
    if (this.#prepared === null) throw new Error('expected prepare before load');
    const { plan, publisher, route } = this.#prepared;
    const poster = new HttpPoster(plan.target, route);
    this.#window = new MeasuredWindow(window, () => ({ deliveries: 0, reads: 0 }));
    this.#publisher = new Publisher({ plan, publisher, window, workload: createWorkload(plan), poster });
    const report = await this.#publisher.run();
    poster.close();
    this.#send({ type: 'published', report });
  }
}

/**
 * How to publish. On loopback it is from one of the clients' addresses: without one, Linux offers no port that
 * any of them has, and with tens of thousands of them none is left.
 */
async function routeTo({ plan, sourceAddresses }: PrepareCommand): Promise<PosterRoute> {
  const address = await targetAddress(new URL(plan.target.httpUrl));
  return { address, localAddress: isIpv4Loopback(address) ? sourceAddresses[0] : undefined };
}
