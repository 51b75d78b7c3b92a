/** `leak-timers`: the age of each connection's send queue is looked at once a minute; a share is looked at for ever. */

import type { Connection } from '../hub/connection.ts';
import type { ConnectionLeak } from './connection-leak.ts';
import { CountedShare } from './counted-share.ts';

/** Seldom, so that thousands of leaked timers cost memory alone. */
const LOOK_EVERY_MS = 60_000;

export class LeakedTimers implements ConnectionLeak {
  readonly #share: CountedShare;
  readonly #nowMs: () => number;
  readonly #timers = new Map<Connection, NodeJS.Timeout>();
  readonly #leaked: NodeJS.Timeout[] = [];

  /**
   * @param percent share of the ended connections whose timer stays
   * @param nowMs monotonic ms
   */
  constructor(percent: number, nowMs: () => number) {
    this.#share = new CountedShare(percent);
    this.#nowMs = nowMs;
  }

  get injections(): number {
    return this.#share.injections;
  }

  opened(connection: Connection): void {
    // Holds the queue's figures and not the connection: what leaks is the timer.
    const { backpressure } = connection;
    const look = () => backpressure.ageMs(this.#nowMs());
    this.#timers.set(connection, setInterval(look, LOOK_EVERY_MS).unref());
  }

  ended(connection: Connection): void {
    const timer = this.#timers.get(connection);
    if (timer === undefined) return;
    this.#timers.delete(connection);
    if (this.#share.next()) this.#leaked.push(timer);
    else clearInterval(timer);
  }

  stop(): void {
    for (const timer of [...this.#timers.values(), ...this.#leaked]) clearInterval(timer);
    this.#timers.clear();
    this.#leaked.length = 0;
  }
}
