/** `leak-closures`: each connection notes what to do when the server says goodbye; a share of the notes is never struck out. */

import type { Connection } from '../hub/connection.ts';
import type { ConnectionLeak } from './connection-leak.ts';
import { CountedShare } from './counted-share.ts';

export class LeakedClosures implements ConnectionLeak {
  readonly #share: CountedShare;
  readonly #noteOf = new Map<Connection, () => string>();
  readonly #notes: (() => string)[] = [];

  /** @param percent share of the ended connections whose note stays */
  constructor(percent: number) {
    this.#share = new CountedShare(percent);
  }

  get injections(): number {
    return this.#share.injections;
  }

  opened(connection: Connection): void {
    // Closes over the address and not over the connection: what leaks is the closure.
    const { remoteAddress } = connection;
    const sayGoodbye = () => `goodbye, ${remoteAddress}`;
    this.#noteOf.set(connection, sayGoodbye);
  }

  ended(connection: Connection): void {
    const note = this.#noteOf.get(connection);
    if (note === undefined) return;
    this.#noteOf.delete(connection);
    if (this.#share.next()) this.#notes.push(note);
  }

  stop(): void {
    this.#notes.length = 0;
  }
}
