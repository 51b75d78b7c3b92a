/** `leak-sessions`: each client has an entry in a table of sessions; a share is never taken out of it. */

import type { Connection } from '../hub/connection.ts';
import type { ConnectionLeak } from './connection-leak.ts';
import { CountedShare } from './counted-share.ts';

/** Small, and without a way back to its connection: what leaks is the entry. */
class ClientSession {
  readonly id: number;
  readonly address: string;
  lastSeenAtMs: number;

  constructor(id: number, address: string, nowMs: number) {
    this.id = id;
    this.address = address;
    this.lastSeenAtMs = nowMs;
  }
}

export class LeakedSessions implements ConnectionLeak {
  readonly #share: CountedShare;
  readonly #nowMs: () => number;
  readonly #sessions = new Map<number, ClientSession>();
  readonly #idOf = new WeakMap<Connection, number>();
  #lastId = 0;

  /**
   * @param percent share of the ended connections whose session stays
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
    this.#lastId += 1;
    this.#idOf.set(connection, this.#lastId);
    const session = new ClientSession(this.#lastId, connection.remoteAddress, this.#nowMs());
    this.#sessions.set(this.#lastId, session);
  }

  ended(connection: Connection): void {
    const id = this.#idOf.get(connection);
    if (id !== undefined && !this.#share.next()) this.#sessions.delete(id);
  }

  stop(): void {
    this.#sessions.clear();
  }
}
