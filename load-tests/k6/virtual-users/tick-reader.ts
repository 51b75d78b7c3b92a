/** A virtual user that reads the tick feed. */

import { clearTimeout, setTimeout } from 'k6/timers';
import { parseEvent } from '../lib/parse-event.ts';
import { ERROR_REASONS } from '../lib/reasons.ts';
import type { Sampler } from '../lib/sampling.ts';
import { type Tick, TickLedger } from '../lib/tick-ledger.ts';
import * as metrics from './load-metrics.ts';
import { LoadSocket, type Received } from './load-socket.ts';

export interface TickReaderOptions {
  readonly url: string;
  readonly sampler: Sampler;
  /** Epoch ms: ticks that were due in this window count for the rate. */
  readonly window: { readonly fromMs: number; readonly toMs: number };
  /** Ticks due in the window that are enough. */
  readonly enough: number;
  /** Epoch ms. */
  readonly leaveAtMs: number;
}

export class TickReader {
  readonly #options: TickReaderOptions;
  readonly #socket: LoadSocket;
  #ledger: TickLedger | null = null;
  #inWindow = 0;
  #skipped = 0;
  readonly #leaveTimer: number;

  constructor(options: TickReaderOptions) {
    this.#options = options;
    this.#socket = new LoadSocket({
      url: options.url,
      onText: (text, received) => this.#read(text, received),
      onEnd: () => this.#ended(),
    });
    this.#leaveTimer = setTimeout(() => this.#leave(), Math.max(0, options.leaveAtMs - Date.now()));
  }

  #read(text: string, received: Received): void {
    const message = parseEvent(text);
    if (message === null) metrics.errors.add(1, { reason: ERROR_REASONS.unreadable });
    else if ('seq' in message && 'ts' in message) this.#take(message as unknown as Tick, received);
    else if (message['type'] === 'hello') this.#ledger = new TickLedger(Number(message['seq']));
    else if (message['type'] === 'conflated') this.#skipped += Number(message['skipped']);
    else metrics.errors.add(1, { reason: ERROR_REASONS.unknown });
  }

  #take(tick: Tick, received: Received): void {
    const { window, sampler } = this.#options;
    const amiss = this.#ledger?.take(tick) ?? null;
    metrics.deliveries.add(1);
    if (amiss !== null) metrics.deliveriesAmiss.add(1, { kind: amiss });
    if (tick.ts >= window.fromMs && tick.ts < window.toMs) {
      this.#inWindow += 1;
      if (sampler.takes()) metrics.deliveryLatency.add(received.timestamp - tick.ts);
    }
  }

  /** Says what it has; the server takes that as delivered. */
  #leave(): void {
    if (this.#ledger !== null) this.#socket.send({ type: 'ack', received: this.#ledger.received });
    this.#socket.close();
  }

  #ended(): void {
    clearTimeout(this.#leaveTimer);
    const ledger = this.#ledger;
    metrics.deliveredRatioHeld.add(this.#inWindow >= this.#options.enough);
    if (ledger === null) return;
    metrics.deliveriesExpected.add(ledger.expected - this.#skipped);
    // Skipped ticks were never given: they are told apart from lost ones.
    metrics.deliveriesAmiss.add(Math.max(0, ledger.missing - this.#skipped), { kind: 'lost' });
  }
}
