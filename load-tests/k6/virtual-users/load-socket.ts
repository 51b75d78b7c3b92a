/** One WebSocket of the load: counts whether it came up, whether it stayed up, and never waits for ever. */

import { clearInterval, clearTimeout, setInterval, setTimeout } from 'k6/timers';
import { type ErrorEvent, type MessageEvent, WebSocket } from 'k6/websockets';
import { CONNECT_REASONS, END_REASONS, ERROR_REASONS } from '../lib/reasons.ts';
import * as metrics from './load-metrics.ts';

export type Received = Pick<MessageEvent, 'timestamp'>;

export interface LoadSocketOptions {
  readonly url: string;
  /** `timestamp` (epoch ms, taken before the event waits for its handler) costs k6 more than the rest of the event: read it seldom. */
  readonly onText: (text: string, event: Received) => void;
  /** It is over, and why does not matter any more: everything was counted. */
  readonly onEnd?: () => void;
  /** Sends a ping frame every so often. */
  readonly pingEveryMs?: number;
}

/** k6 itself would wait for a minute. */
const CONNECT_TIMEOUT_MS = 10_000;

export class LoadSocket {
  readonly #options: LoadSocketOptions;
  readonly #socket: WebSocket;
  readonly #startedAtMs = Date.now();
  readonly #connectTimer: number;
  #pingTimer: number | undefined;
  #state: 'connecting' | 'open' | 'leaving' | 'failed' | 'ended' = 'connecting';
  #reason = '';

  constructor(options: LoadSocketOptions) {
    this.#options = options;
    metrics.connectsAttempted.add(1);
    this.#socket = new WebSocket(options.url);
    this.#socket.onopen = () => this.#opened();
    this.#socket.onmessage = (event) => this.#received(event);
    this.#socket.onerror = (event) => this.#failed(event);
    this.#socket.onclose = () => this.#closed();
    this.#connectTimer = setTimeout(() => this.#give(CONNECT_REASONS.timeout), CONNECT_TIMEOUT_MS);
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  send(message: unknown): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(message));
  }

  /** Ends it, as was meant. */
  close(): void {
    if (this.#state === 'open') this.#state = 'leaving';
    this.#socket.close(1_000);
  }

  #opened(): void {
    clearTimeout(this.#connectTimer);
    if (this.#state === 'connecting') this.#state = 'open';
    const { pingEveryMs } = this.#options;
    if (pingEveryMs !== undefined) this.#pingTimer = setInterval(() => this.#ping(), pingEveryMs);
  }

  /** One that is closing takes no ping: k6 throws. */
  #ping(): void {
    if (this.isOpen) this.#socket.ping();
  }

  #received(event?: MessageEvent): void {
    if (this.#reason === '') {
      this.#reason = END_REASONS.closed;
      metrics.connectDuration.add(Math.max(0, (event?.timestamp ?? Date.now()) - this.#startedAtMs));
    }
    const data = event?.data;
    if (event !== undefined && typeof data === 'string') this.#options.onText(data, event);
    else metrics.errors.add(1, { reason: ERROR_REASONS.binary });
  }

  #failed(event?: ErrorEvent): void {
    const text = event?.error ?? '';
    if (this.#state === 'connecting') this.#give(connectReason(text));
    else this.#reason = /close (\d{4})/.exec(text)?.[1] ?? END_REASONS.broken;
  }

  #give(reason: string): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'failed';
    metrics.connectFailures.add(1, { reason });
    this.#socket.close();
    this.#end();
  }

  #closed(): void {
    if (this.#state === 'connecting') this.#give(CONNECT_REASONS.closed);
    if (this.#state === 'open') metrics.disconnects.add(1, { reason: this.#reason || END_REASONS.closed });
    this.#end();
  }

  /** A timer that is left would keep the virtual user. */
  #end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    metrics.connectionsEnded.add(1);
    clearTimeout(this.#connectTimer);
    if (this.#pingTimer !== undefined) clearInterval(this.#pingTimer);
    this.#options.onEnd?.();
  }
}

function connectReason(error: string): string {
  if (/bad handshake/.test(error)) return CONNECT_REASONS.refused;
  if (/refused/.test(error)) return CONNECT_REASONS.nobody;
  return /timeout|deadline/.test(error) ? CONNECT_REASONS.timeout : CONNECT_REASONS.other;
}
