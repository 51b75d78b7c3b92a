/** `leak-buffers`: each connection has a scratch buffer; a share is never let go. */

import type { Connection } from '../hub/connection.ts';
import type { ConnectionLeak } from './connection-leak.ts';
import { CountedShare } from './counted-share.ts';

const SCRATCH_BYTES = 1_024;

export class LeakedBuffers implements ConnectionLeak {
  readonly #share: CountedShare;
  readonly #live = new Map<Connection, Buffer>();
  readonly #leaked: Buffer[] = [];

  /** @param percent share of the ended connections whose buffer stays */
  constructor(percent: number) {
    this.#share = new CountedShare(percent);
  }

  get injections(): number {
    return this.#share.injections;
  }

  opened(connection: Connection): void {
    // Not out of Node's pool: a slice would leak its whole slab, and not be counted.
    this.#live.set(connection, Buffer.allocUnsafeSlow(SCRATCH_BYTES));
  }

  ended(connection: Connection): void {
    const scratch = this.#live.get(connection);
    if (scratch === undefined) return;
    this.#live.delete(connection);
    if (this.#share.next()) this.#leaked.push(scratch);
  }

  stop(): void {
    this.#leaked.length = 0;
  }
}
