/** The publisher process: carries out the parent's commands with one {@link TierPublisher} a tier. */

import type autocannon from 'autocannon';
import { createWorkload } from '../../../workloads/workload-by-name.ts';
import { isIpv4Loopback } from '../../client/source-addresses.ts';
import { targetAddress } from '../../client/target-address.ts';
import type { LoadWindow } from '../../latency/latency-book.ts';
import type { WorkerCommand, WorkerEvent, WorkerEventOf } from '../../worker-messages.ts';
import type { ToWorker } from '../../worker-traffic.ts';
import { MeasuredWindow } from '../measured-window.ts';
import { ClosedPublisher } from './closed-publisher.ts';
import { HttpPoster, type PosterRoute } from './http-poster.ts';
import { Publisher, type TierPublisher } from './publisher.ts';

type PrepareCommand = Extract<WorkerCommand, { readonly type: 'prepare' }>;

interface Prepared extends PrepareCommand {
  readonly route: PosterRoute;
  /** Null where the load is open. */
  readonly cannon: typeof autocannon | null;
}

export class PublisherWorker {
  readonly #send: (event: WorkerEvent) => void;
  #prepared: Prepared | null = null;
  #publisher: TierPublisher | null = null;
  #window: MeasuredWindow | null = null;

  constructor(send: (event: WorkerEvent) => void) {
    this.#send = send;
  }

  /** Carries out a command; its answer goes to the parent. */
  async handle(command: ToWorker): Promise<void> {
    switch (command.type) {
      case 'prepare':
        this.#prepared = {
          ...command,
          route: await routeTo(command),
          cannon: command.plan.closedPublishers === undefined ? null : await loadAutocannon(),
        };
        this.#publisher = null;
        this.#window = null;
        this.#send({ type: 'prepared' });
        break;
      case 'load':
        await this.#load(command.window);
        break;
      case 'halt':
        this.#window?.end();
        this.#publisher?.halt(command.graceMs, command.isOver === true ? 'timeout' : 'interrupted');
        break;
      case 'report':
        this.#send({ type: 'reported', window: this.#window?.report() ?? null, subscribers: null });
        break;
      default:
        throw new Error(`a publisher takes no ${command.type}`);
    }
  }

  /** Nothing but a sign of life: what it published is told at the end. */
  progress(): WorkerEventOf<'progress'> {
    return { type: 'progress', connected: 0, paused: 0, received: 0, gaps: 0, latency: null };
  }

  async #load(window: LoadWindow): Promise<void> {
    if (this.#prepared === null) throw new Error('expected prepare before load');
    const { plan, route } = this.#prepared;
    const poster = new HttpPoster(plan.target, route);
    this.#window = new MeasuredWindow(window, () => ({ deliveries: 0, reads: 0 }));
    this.#publisher = createPublisher(this.#prepared, window, poster);
    const report = await this.#publisher.run();
    poster.close();
    this.#send({ type: 'published', report });
  }
}

function createPublisher(prepared: Prepared, window: LoadWindow, poster: HttpPoster): TierPublisher {
  const { plan, publisher, cannon } = prepared;
  const workload = createWorkload(plan);
  const connections = plan.closedPublishers;
  return cannon === null || connections === undefined
    ? new Publisher({ plan, publisher, window, workload, poster })
    : new ClosedPublisher({ plan, connections, publisher, window, workload, autocannon: cannon });
}

/** Loaded where it is used: every other publisher starts without it. */
async function loadAutocannon(): Promise<typeof autocannon> {
  return (await import('autocannon')).default;
}

/**
 * How to publish. On loopback it is from one of the clients' addresses: without one, Linux offers no port that
 * any of them has, and with tens of thousands of them none is left.
 */
async function routeTo({ plan, sourceAddresses }: PrepareCommand): Promise<PosterRoute> {
  const address = await targetAddress(new URL(plan.target.httpUrl));
  return { address, localAddress: isIpv4Loopback(address) ? sourceAddresses[0] : undefined };
}
