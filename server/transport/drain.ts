/**
 * Ends all connections in good order: refuse new ones, close the others in jittered batches, cut what is left
 * at the deadline.
 *
 *   serving ──begin──▶ draining ──all closed─────────────────────▶ drained
 *                         └──deadline or cutNow──▶ cutting ──all gone──▶ drained
 */

import type { Connection } from '../hub/connection.ts';
import type { Hub } from '../hub/hub.ts';
import { CLOSE } from '../protocol/close-codes.ts';

export interface DrainOptions {
  readonly hub: Hub;
  /** From the beginning to the cut. */
  readonly timeoutMs: number;
  /** 0 ≤ x < 1; spreads the batches. */
  readonly random: () => number;
}

/** How it went, or goes. */
export interface DrainState {
  readonly draining: boolean;
  /** Connections still open. */
  readonly remaining: number;
  /** Connections that ended in time. */
  readonly closed: number;
  /** Connections that were cut. */
  readonly cut: number;
}

/** So few can be closed at once: they do not stampede when they come back. */
const SMALL_BATCH = 100;
const BATCH_EVERY_MS = 50;
/** Batches take at most this share of the time; the rest is for closing handshakes. */
const SPREAD_RATIO = 0.5;

export class Drain {
  readonly #options: DrainOptions;
  readonly #done: Promise<DrainState>;
  #resolve: (state: DrainState) => void = () => {};
  #phase: 'serving' | 'draining' | 'cutting' = 'serving';
  #closed = 0;
  #cut = 0;
  #batchTimer: NodeJS.Timeout | null = null;
  #deadlineTimer: NodeJS.Timeout | null = null;

  constructor(options: DrainOptions) {
    this.#options = options;
    this.#done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isDraining(): boolean {
    return this.#phase !== 'serving';
  }

  get timers(): number {
    return Number(this.#batchTimer !== null) + Number(this.#deadlineTimer !== null);
  }

  state(): DrainState {
    const draining = this.isDraining;
    const remaining = draining ? this.#options.hub.connectionCount : 0;
    return { draining, remaining, closed: this.#closed, cut: this.#cut };
  }

  /** Starts to drain; again, it only gives the same promise. Resolves when every connection is gone. */
  begin(): Promise<DrainState> {
    if (this.#phase === 'serving') {
      this.#phase = 'draining';
      this.#closeInBatches();
      this.#deadlineTimer = setTimeout(() => this.cutNow(), this.#options.timeoutMs);
      this.#finishWhenEmpty();
    }
    return this.#done;
  }

  /** Cuts what is left, at the deadline or because somebody cannot wait for it. */
  cutNow(): void {
    if (this.#phase === 'cutting') return;
    this.#phase = 'cutting';
    this.#clearTimers();
    const { hub } = this.#options;
    const left = [...hub.connections()];
    this.#cut += left.length;
    for (const connection of left) hub.cut(connection, CLOSE.shutdown);
    this.#finishWhenEmpty();
  }

  /** To be called whenever a connection is gone. */
  connectionGone(): void {
    if (this.#phase === 'serving') return;
    if (this.#phase === 'draining') this.#closed += 1;
    this.#finishWhenEmpty();
  }

  #closeInBatches(): void {
    const { hub, timeoutMs, random } = this.#options;
    const waiting: Connection[] = [...hub.connections()];
    const batches = Math.max(1, Math.floor((timeoutMs * SPREAD_RATIO) / BATCH_EVERY_MS));
    const batchSize = Math.max(SMALL_BATCH, Math.ceil(waiting.length / batches));
    const closeBatch = () => {
      for (const connection of waiting.splice(0, batchSize)) {
        // The deadline of the drain is the only one that counts here.
        hub.end(connection, CLOSE.shutdown, Number.POSITIVE_INFINITY);
      }
      const pauseMs = BATCH_EVERY_MS * (0.5 + random());
      this.#batchTimer = waiting.length === 0 ? null : setTimeout(closeBatch, pauseMs);
    };
    closeBatch();
  }

  #finishWhenEmpty(): void {
    if (this.#options.hub.connectionCount > 0) return;
    this.#clearTimers();
    this.#resolve(this.state());
  }

  #clearTimers(): void {
    if (this.#batchTimer !== null) clearTimeout(this.#batchTimer);
    if (this.#deadlineTimer !== null) clearTimeout(this.#deadlineTimer);
    this.#batchTimer = null;
    this.#deadlineTimer = null;
  }
}
