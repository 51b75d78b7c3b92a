/** What was seen of all servers that share a register: plain integers that only grow, and the connections open now. */

import { SendQueue } from '../send-queue.ts';

/** Stands for a connection whose end nobody told: all its listeners were removed. */
const UNTOLD_CODE = 0;

/** A connection as its figures are read. */
export interface CountedConnection {
  /** That accepted it. */
  readonly server: object | null;
  readonly isClosed: boolean;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Notes what waits at this monotonic time. @returns bytes */
  observeQueue(nowMs: number): number;
  queueAgeMs(nowMs: number): number;
  /** Ends the watching, not the connection. */
  release(): void;
}

/** Read at one moment, in one pass over the connections. */
export interface OpenConnections {
  readonly count: number;
  readonly queue: SendQueue;
  /** Of open connections and ended ones. */
  readonly wireSentBytes: number;
  readonly wireReceivedBytes: number;
}

export class WsCounters {
  opened = 0;
  readonly closedByCode = new Map<number, number>();
  upgradesRefused = 0;
  receivedTexts = 0;
  receivedBinaries = 0;
  receivedPayloadBytes = 0;
  /** Messages given to a connection that was open. */
  sent = 0;
  /** More than {@link sent} where messages are sent in fragments. */
  framesWritten = 0;
  sentPayloadBytes = 0;
  pings = 0;
  readonly #open = new Set<CountedConnection>();
  #endedSentBytes = 0;
  #endedReceivedBytes = 0;

  begin(connection: CountedConnection): void {
    this.#open.add(connection);
    this.opened += 1;
  }

  /** Counts an end once, however often it is told. */
  end(connection: CountedConnection, code: number): void {
    if (this.forget(connection)) this.closedByCode.set(code, (this.closedByCode.get(code) ?? 0) + 1);
  }

  /** The connection goes on, unseen. @returns whether it was counted until now */
  forget(connection: CountedConnection): boolean {
    if (!this.#open.delete(connection)) return false;
    this.#endedSentBytes += connection.sentBytes;
    this.#endedReceivedBytes += connection.receivedBytes;
    return true;
  }

  /** Lets all open connections of a server go on unseen. */
  releaseAll(server: object): void {
    for (const connection of this.#open) if (connection.server === server) connection.release();
  }

  /** @param nowMs monotonic */
  readOpen(nowMs: number): OpenConnections {
    const queue = new SendQueue();
    let [wireSentBytes, wireReceivedBytes] = [0, 0];
    for (const connection of this.#open) {
      if (connection.isClosed) {
        this.end(connection, UNTOLD_CODE);
        continue;
      }
      const bufferedBytes = connection.observeQueue(nowMs);
      if (bufferedBytes > 0) queue.add(bufferedBytes, connection.queueAgeMs(nowMs));
      wireSentBytes += connection.sentBytes;
      wireReceivedBytes += connection.receivedBytes;
    }
    return {
      count: this.#open.size,
      queue,
      wireSentBytes: wireSentBytes + this.#endedSentBytes,
      wireReceivedBytes: wireReceivedBytes + this.#endedReceivedBytes,
    };
  }
}
