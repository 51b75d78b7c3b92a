/** Opens a worker's connections, a bounded number of handshakes at a time. Retries nothing. */

import { FailureTally } from '../failure-tally.ts';
import { LatencyHistogram } from '../latency/latency-histogram.ts';
import { monotonicUs } from '../monotonic-clock.ts';
import type { ConnectReport } from '../worker-messages.ts';

/** How often handshakes are looked at for being too old; their timeout is as exact as this. */
const TIMEOUT_CHECK_MS = 50;

export interface EstablishmentOptions {
  readonly clients: number;
  readonly inFlight: number;
  readonly timeoutMs: number;
  /** Starts client number `client`; it reports back by {@link Establishment.welcomed} or `failed`. */
  readonly open: (client: number) => void;
  /** Lets go of a client whose time is over. */
  readonly abandon: (client: number) => void;
}

export class Establishment {
  readonly done: Promise<void>;
  readonly #options: EstablishmentOptions;
  /** Start times (µs) of the handshakes under way, oldest first. */
  readonly #underWay = new Map<number, number>();
  readonly #latency = new LatencyHistogram();
  readonly #failures = new FailureTally();
  readonly #startedUs = monotonicUs();
  readonly #timeoutCheck: NodeJS.Timeout;
  #next = 0;
  #connected = 0;
  #finishedUs = 0;
  #isFull = false;
  #finish: () => void = () => undefined;

  constructor(options: EstablishmentOptions) {
    this.#options = options;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#timeoutCheck = setInterval(() => this.#expire(), TIMEOUT_CHECK_MS);
  }

  start(): void {
    this.#fill();
  }

  /** The client's first message came; false when nobody waited for it. */
  welcomed(client: number, atUs: number): boolean {
    const startedUs = this.#underWay.get(client);
    if (startedUs === undefined) return false;
    this.#connected += 1;
    this.#latency.record(Math.max(atUs - startedUs, 0));
    this.#settle(client);
    return true;
  }

  /** The client's connection did not come up; false when nobody waited for it. */
  failed(client: number, reason: string): boolean {
    if (!this.#underWay.has(client)) return false;
    this.#failures.add(reason);
    this.#settle(client);
    return true;
  }

  /** Opens no more, and gives up those under way. */
  halt(): void {
    this.#next = this.#options.clients;
    for (const client of [...this.#underWay.keys()]) this.#giveUp(client, 'interrupted');
    this.#fill();
  }

  /** What came of it; meant for after {@link done}. */
  report(): ConnectReport {
    const failures = this.#failures.list();
    return {
      attempted: this.#connected + failures.reduce((sum, failure) => sum + failure.count, 0),
      connected: this.#connected,
      startedUs: this.#startedUs,
      finishedUs: this.#finishedUs,
      latency: this.#latency.encode(),
      failures,
    };
  }

  #settle(client: number): void {
    this.#underWay.delete(client);
    this.#fill();
  }

  #fill(): void {
    // A client that fails at once settles within open(): the loop below already goes on.
    if (this.#isFull) return;
    this.#isFull = true;
    const { clients, inFlight, open } = this.#options;
    while (this.#next < clients && this.#underWay.size < inFlight) {
      const client = this.#next;
      this.#next += 1;
      this.#underWay.set(client, monotonicUs());
      open(client);
    }
    this.#isFull = false;
    if (this.#next >= clients && this.#underWay.size === 0) {
      clearInterval(this.#timeoutCheck);
      this.#finishedUs = monotonicUs();
      this.#finish();
    }
  }

  #expire(): void {
    const oldestUs = monotonicUs() - this.#options.timeoutMs * 1_000;
    for (const [client, startedUs] of this.#underWay) {
      if (startedUs > oldestUs) return;
      this.#giveUp(client, 'timeout');
    }
  }

  #giveUp(client: number, reason: string): void {
    this.#options.abandon(client);
    this.failed(client, reason);
  }
}
