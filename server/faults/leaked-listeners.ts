/** `leak-listeners`: each connection wants to hear of the server's end; a share forgets to stop listening. */

import type { EventEmitter } from 'node:events';
import type { Connection } from '../hub/connection.ts';
import type { ConnectionLeak } from './connection-leak.ts';
import { CountedShare } from './counted-share.ts';

export class LeakedListeners implements ConnectionLeak {
  readonly #share: CountedShare;
  readonly #listeners = new Map<Connection, () => void>();
  #server: EventEmitter | null = null;

  /** @param percent share of the ended connections whose listener stays */
  constructor(percent: number) {
    this.#share = new CountedShare(percent);
  }

  get injections(): number {
    return this.#share.injections;
  }

  /** @param server the HTTP server that connections come from */
  servedBy(server: EventEmitter): void {
    // The warning would tell what the profiler is to find.
    server.setMaxListeners(0);
    this.#server = server;
  }

  opened(connection: Connection): void {
    const endWithServer = () => connection.socket.terminate();
    this.#listeners.set(connection, endWithServer);
    this.#server?.on('close', endWithServer);
  }

  ended(connection: Connection): void {
    const listener = this.#listeners.get(connection);
    if (listener === undefined) return;
    this.#listeners.delete(connection);
    if (!this.#share.next()) this.#server?.off('close', listener);
  }

  /** Listeners run by themselves when the server closes, and find their connections gone. */
  stop(): void {
    this.#listeners.clear();
  }
}
