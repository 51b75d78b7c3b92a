/**
 * Fires one request by autocannon: so many connections that each send the next one when the one before was answered
 * (closed model).
 *
 * Its rate options are left alone: `-R` sends a second's requests in one burst, and corrects latencies as if the
 * interval were a millisecond. Times and counts are taken from the events of its connections, in µs and with each
 * request accounted for; its own result, in whole ms, is kept beside them.
 */

import type autocannon from 'autocannon';
import type { HttpLoadPlan } from '../../http/http-plan.ts';
import type { AutocannonResult } from '../../http/http-result.ts';
import type { LoadWindow } from '../../latency/latency-book.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import { distrustOf } from '../publishing/tls-trust.ts';
import { type CannonClient, HttpLoadBook } from './http-load-book.ts';

/** autocannon samples once a second, and looks only then whether it is to end. */
const SAMPLE_MS = 1_000;
/** Never reached: the load is ended by the clock of all processes. */
const ENDLESS_SECONDS = 86_400;
/** Beyond the time-out of a request: what is under way then is not known to come to anything. */
const DRAIN_MARGIN_MS = 2_000;

export interface HttpCannonOptions {
  readonly plan: HttpLoadPlan;
  readonly window: LoadWindow;
  /** The library, loaded before the load begins. */
  readonly autocannon: typeof autocannon;
}

export class HttpCannon {
  readonly book: HttpLoadBook;
  readonly #options: HttpCannonOptions;
  readonly #halting = new AbortController();
  #stop: () => void = () => undefined;
  #isBrokenOff = false;

  constructor(options: HttpCannonOptions) {
    this.#options = options;
    this.book = new HttpLoadBook(options.window);
  }

  /** @returns autocannon's own result; why nothing was sent, as an error code; null when it was halted before */
  async run(): Promise<AutocannonResult | string | null> {
    const { httpUrl } = this.#options.plan.target;
    const { signal } = this.#halting;
    const distrust = httpUrl.startsWith('https:') ? await distrustOf(new URL(httpUrl), signal) : null;
    if (signal.aborted) return null;
    if (distrust !== null) return distrust;
    return await this.#fire();
  }

  /** Whether it did not wait for its last answers. */
  get isBrokenOff(): boolean {
    return this.#isBrokenOff;
  }

  /** Breaks the load off. */
  halt(): void {
    this.#halting.abort();
    this.#stop();
  }

  async #fire(): Promise<AutocannonResult> {
    const { plan, window } = this.#options;
    const leftMs = (window.measureEndUs - monotonicUs()) / 1_000;
    return await new Promise<AutocannonResult>((resolve, reject) => {
      const cannon = this.#options.autocannon(this.#request(), (error: unknown, result: AutocannonResult) => {
        this.#stop = () => undefined;
        clearTimeout(drain);
        clearTimeout(deadline);
        if (error === null || error === undefined) resolve(asJson(result));
        else reject(error);
      });
      const drain = setTimeout(() => this.book.drain(), leftMs);
      this.#stop = () => {
        this.#isBrokenOff = true;
        this.book.endWindow();
        cannon.stop();
      };
      const deadline = setTimeout(this.#stop, leftMs + plan.timeoutMs + DRAIN_MARGIN_MS);
    });
  }

  #request(): autocannon.Options {
    const { target, request, connections, timeoutMs } = this.#options.plan;
    const { method, path, body, withToken } = request;
    const token = withToken ? target.apiToken : undefined;
    return {
      url: `${target.httpUrl}${path}`,
      method,
      headers: {
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === null ? {} : { body }),
      connections,
      duration: ENDLESS_SECONDS,
      timeout: timeoutMs / 1_000,
      sampleInt: SAMPLE_MS,
      // Its types leave out what a test holds it to.
      setupClient: (client) => this.book.follow(client as unknown as CannonClient),
    };
  }
}

/** As its `--json` prints it: dates are texts. */
function asJson(result: AutocannonResult): AutocannonResult {
  return JSON.parse(JSON.stringify(result)) as AutocannonResult;
}
