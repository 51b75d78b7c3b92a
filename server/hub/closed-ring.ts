/** The last connections that ended, for `/debug/connections`. */

/** One ended connection. */
export interface ClosedConnection {
  readonly id: string;
  readonly remoteAddress: string;
  readonly clientId: string | null;
  /** Epoch ms. */
  readonly openedAt: number;
  /** Epoch ms. */
  readonly closedAt: number;
  readonly code: number;
  readonly reason: string;
  readonly initiator: 'client' | 'server';
  readonly receivedMessages: number;
  readonly sentMessages: number;
  readonly sentPayloadBytes: number;
  readonly peakBufferedBytes: number;
}

/** How many are kept: so few that it is full after a few hundred connections, and its growth is not taken for a leak. */
export const CLOSED_RING_CAPACITY = 256;

export class ClosedRing {
  readonly #entries: ClosedConnection[] = [];
  #next = 0;

  get size(): number {
    return this.#entries.length;
  }

  add(entry: ClosedConnection): void {
    this.#entries[this.#next] = entry;
    this.#next = (this.#next + 1) % CLOSED_RING_CAPACITY;
  }

  newestFirst(): readonly ClosedConnection[] {
    return [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)].reverse();
  }
}
