/** The part of the publisher process that carries out loads of HTTP requests. */

import type autocannon from 'autocannon';
import type { HttpCommand } from '../../http/http-messages.ts';
import type { FromWorker, FromWorkerOf } from '../../worker-traffic.ts';
import { MeasuredWindow } from '../measured-window.ts';
import { HttpCannon } from './http-cannon.ts';

type FireCommand = Extract<HttpCommand, { readonly type: 'http-fire' }>;

export class HttpWorker {
  readonly #send: (event: FromWorker) => void;
  #library: typeof autocannon | null = null;
  #cannon: HttpCannon | null = null;

  constructor(send: (event: FromWorker) => void) {
    this.#send = send;
  }

  /** Carries out a command; its answer goes to the parent. */
  async handle(command: HttpCommand): Promise<void> {
    switch (command.type) {
      case 'http-prepare':
        // Loaded where it is used: other publishers start without it.
        this.#library ??= (await import('autocannon')).default;
        this.#cannon = null;
        this.#send({ type: 'http-prepared' });
        break;
      case 'http-fire':
        await this.#fire(command);
        break;
      case 'http-halt':
        this.#cannon?.halt();
        break;
    }
  }

  progress(): FromWorkerOf<'progress'> {
    const book = this.#cannon?.book;
    const latency = book?.soFar();
    return {
      type: 'progress',
      connected: book?.open ?? 0,
      paused: 0,
      received: book?.answers ?? 0,
      gaps: book?.failed ?? 0,
      latency: latency === undefined || latency.count === 0 ? null : latency.pack(),
    };
  }

  async #fire({ plan, window }: FireCommand): Promise<void> {
    if (this.#library === null) throw new Error('expected http-prepare before http-fire');
    const cannon = new HttpCannon({ plan, window, autocannon: this.#library });
    this.#cannon = cannon;
    const measured = new MeasuredWindow(window, () => ({ deliveries: cannon.book.answers, reads: 0 }));
    const ended = await cannon.run();
    const report = cannon.book.report(cannon.isBrokenOff);
    const refused = typeof ended === 'string' ? [{ reason: ended, count: 1 }] : [];
    this.#send({
      type: 'http-fired',
      // One attempt was made, to look at the certificate.
      report: { ...report, sent: report.sent + refused.length, failures: [...report.failures, ...refused] },
      window: measured.report(),
      autocannon: typeof ended === 'string' ? null : ended,
    });
  }
}
