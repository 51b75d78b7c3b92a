/** The publisher process publishes for tiers, and carries out loads of HTTP requests: each command goes to whom it is for. */

import { isOfHttp } from '../http/http-messages.ts';
import type { FromWorker, FromWorkerOf, ToWorker } from '../worker-traffic.ts';
import { HttpWorker } from './http/http-worker.ts';
import { PublisherWorker } from './publishing/publisher-worker.ts';

export class PublisherSwitch {
  readonly #publisher: PublisherWorker;
  readonly #http: HttpWorker;
  /** Whom the last command was for. */
  #current: { progress(): FromWorkerOf<'progress'> };

  constructor(send: (event: FromWorker) => void) {
    this.#publisher = new PublisherWorker(send);
    this.#http = new HttpWorker(send);
    this.#current = this.#publisher;
  }

  /** Carries out a command; its answer goes to the parent. */
  async handle(command: ToWorker): Promise<void> {
    if (isOfHttp(command)) {
      this.#current = this.#http;
      await this.#http.handle(command);
    } else {
      this.#current = this.#publisher;
      await this.#publisher.handle(command);
    }
  }

  /** How the load that the last command was for stands. */
  progress(): FromWorkerOf<'progress'> {
    return this.#current.progress();
  }
}
