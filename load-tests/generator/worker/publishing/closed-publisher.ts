/**
 * Publishes by autocannon: so many connections that each send the next request when the one before was answered
 * (closed model). What they measure is what the server takes, not what its users feel.
 *
 * Of autocannon only the requests are taken. Its rate options are left alone, since their correction takes the
 * interval for a millisecond; times are taken here, since its own go astray after a reconnect.
 */

import type autocannon from 'autocannon';
import type { Workload } from '../../../workloads/workload.ts';
import type { LoadWindow } from '../../latency/latency-book.ts';
import { LatencyHistogram } from '../../latency/latency-histogram.ts';
import type { LoadPlan } from '../../load-plan.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import type { PublishReport } from '../../worker-messages.ts';
import { ClosedPublisherBook } from './closed-publisher-book.ts';
import type { TierPublisher } from './publisher.ts';
import { distrustOf } from './tls-trust.ts';

/** How often autocannon looks whether it is to stop. */
const STOP_CHECK_MS = 20;
/** An answer that is not there by then will not come. */
const ANSWER_TIMEOUT_SECONDS = 10;
/** Never reached: the run is ended by the clock of all processes. */
const ENDLESS_SECONDS = 86_400;

export interface ClosedPublisherOptions {
  readonly plan: LoadPlan;
  readonly connections: number;
  /** This publisher's number in the ledger entries. */
  readonly publisher: number;
  readonly window: LoadWindow;
  readonly workload: Workload;
  /** The library, loaded before the load begins. */
  readonly autocannon: typeof autocannon;
}

export class ClosedPublisher implements TierPublisher {
  readonly #options: ClosedPublisherOptions;
  readonly #book: ClosedPublisherBook;
  readonly #halting = new AbortController();
  #stop: () => void = () => undefined;

  constructor(options: ClosedPublisherOptions) {
    this.#options = options;
    this.#book = new ClosedPublisherBook(options.window);
  }

  async run(): Promise<PublishReport> {
    const { httpUrl } = this.#options.plan.target;
    const { signal } = this.#halting;
    const distrust = httpUrl.startsWith('https:') ? await distrustOf(new URL(httpUrl), signal) : null;
    if (distrust !== null && !signal.aborted) return refusedReport(distrust);
    if (!signal.aborted) await this.#waitUntil(this.#options.window.startUs);
    if (!signal.aborted) await this.#publish();
    if (!signal.aborted) this.#book.ended();
    return this.#book.report();
  }

  halt(): void {
    this.#halting.abort();
    this.#stop();
  }

  async #publish(): Promise<void> {
    const { window } = this.#options;
    await new Promise<void>((resolve, reject) => {
      const cannon = this.#options.autocannon(this.#request(), (error: unknown) => {
        if (error === null || error === undefined) resolve();
        else reject(error);
      });
      const timer = setTimeout(() => cannon.stop(), (window.measureEndUs - monotonicUs()) / 1_000);
      this.#stop = () => {
        clearTimeout(timer);
        cannon.stop();
      };
    });
  }

  #request(): autocannon.Options {
    const { plan, connections, publisher, window, workload } = this.#options;
    const { startUs } = window;
    const { path, body } = workload.publishRequest({
      publisher,
      seq: 0,
      intendedUs: startUs,
      sentUs: startUs,
    });
    const { httpUrl, apiToken } = plan.target;
    return {
      url: `${httpUrl}${path}`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiToken === undefined ? {} : { authorization: `Bearer ${apiToken}` }),
      },
      body,
      connections,
      duration: ENDLESS_SECONDS,
      timeout: ANSWER_TIMEOUT_SECONDS,
      sampleInt: STOP_CHECK_MS,
      setupClient: (client) => this.#book.follow(client),
    };
  }

  async #waitUntil(atUs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max((atUs - monotonicUs()) / 1_000, 0));
      this.#stop = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Nothing was sent: the one attempt that was made failed. */
function refusedReport(reason: string): PublishReport {
  const none = new LatencyHistogram().encode();
  return {
    intended: 1,
    sent: 1,
    acceptedCount: 0,
    failures: [{ reason, count: 1 }],
    scheduleLag: none,
    latency: none,
    acceptedInWindow: 0,
    accepted: [],
    unconfirmed: [],
  };
}
