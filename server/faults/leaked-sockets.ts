/** `leak-sockets`: what each connection came over is kept to be closed with the server; a share is kept when it is long closed. */

import type { EventEmitter } from 'node:events';
import type { Connection } from '../hub/connection.ts';
import type { ConnectionLeak } from './connection-leak.ts';
import { CountedShare } from './counted-share.ts';

export class LeakedSockets implements ConnectionLeak {
  readonly #share: CountedShare;
  readonly #socketOf = new Map<Connection, object>();
  readonly #closed: object[] = [];
  /** Of the upgrade that is under way: the connection opens before the next one begins. */
  #upgrading: object | null = null;

  /** @param percent share of the ended connections whose TCP socket stays */
  constructor(percent: number) {
    this.#share = new CountedShare(percent);
  }

  get injections(): number {
    return this.#share.injections;
  }

  /** @param server the HTTP server that connections come from; an engine with sockets of its own has none to keep */
  servedBy(server: EventEmitter): void {
    server.prependListener('upgrade', (_request: unknown, socket: object) => {
      this.#upgrading = socket;
    });
  }

  opened(connection: Connection): void {
    if (this.#upgrading !== null) this.#socketOf.set(connection, this.#upgrading);
    this.#upgrading = null;
  }

  ended(connection: Connection): void {
    const socket = this.#socketOf.get(connection);
    if (socket === undefined) return;
    this.#socketOf.delete(connection);
    if (this.#share.next()) this.#closed.push(socket);
  }

  stop(): void {
    this.#closed.length = 0;
  }
}
