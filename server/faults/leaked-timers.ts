/** `leak-timers`: each connection has its send queue looked at once a minute; a share is looked at for ever. */

import type { Connection } from '../hub/connection.ts';
import type { ConnectionLeak } from './connection-leak.ts';
import { CountedShare } from './counted-share.ts';

/** Seldom, so that thousands of leaked timers cost memory alone. */
const LOOK_EVERY_MS = 60_000;

export class LeakedTimers implements ConnectionLeak {
  readonly #share: CountedShare;
  readonly #nowMs: () => number;
  readonly #timers = new Map<Connection, NodeJS.Timeout>();

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
    const { backpressure, socket } = connection;
    const look = () => backpressure.observe(socket.bufferedBytes, this.#nowMs());
    this.#timers.set(connection, setInterval(look, LOOK_EVERY_MS).unref());
  }

  ended(connection: Connection): void {
    if (this.#share.next()) return;
    clearInterval(this.#timers.get(connection));
    this.#timers.delete(connection);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearInterval(timer);
    this.#timers.clear();
  }
}
