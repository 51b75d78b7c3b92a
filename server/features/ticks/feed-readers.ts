/** Who reads the feed, and what all readers that ever were have been offered, given and kept from. */

import type { Connection } from '../../hub/connection.ts';
import type { TickFormat } from '../../protocol/tick-messages.ts';
import type { TickReader } from './tick-reader.ts';

/** Sums over readers. */
export interface ReaderSums {
  readonly offered: number;
  readonly buffered: number;
  readonly flushed: number;
  readonly acknowledged: number;
  readonly skipped: number;
}

export class FeedReaders {
  readonly #readers = new Map<Connection, TickReader>();
  /** The same in an array that a turn may hold on to; made anew when somebody came or went. */
  #array: readonly TickReader[] | null = null;
  readonly #left = { offered: 0, buffered: 0, flushed: 0, acknowledged: 0, skipped: 0 };

  get size(): number {
    return this.#readers.size;
  }

  get conflating(): number {
    return this.#count((reader) => reader.isConflating);
  }

  get acknowledging(): number {
    return this.#count((reader) => reader.acknowledges);
  }

  /** Writes that some kernel has not taken, over all readers. */
  get writesUnderWay(): number {
    let writes = 0;
    for (const reader of this.#readers.values()) writes += reader.writesUnderWay;
    return writes;
  }

  /** Ticks a second that readers say they get. */
  acknowledgedPerSecond(nowMs: number): number {
    let perSecond = 0;
    for (const reader of this.#readers.values()) perSecond += reader.acknowledgedPerSecond(nowMs);
    return perSecond;
  }

  ofFormat(format: TickFormat): number {
    return this.#count((reader) => reader.format === format);
  }

  all(): readonly TickReader[] {
    this.#array ??= [...this.#readers.values()];
    return this.#array;
  }

  add(reader: TickReader): void {
    this.#readers.set(reader.connection, reader);
    this.#array = null;
  }

  find(connection: Connection): TickReader | undefined {
    return this.#readers.get(connection);
  }

  /** @param isClean whether everything that was given to it has gone out */
  remove(connection: Connection, isClean: boolean): void {
    const reader = this.#readers.get(connection);
    if (reader === undefined) return;
    this.#readers.delete(connection);
    this.#array = null;
    const left = this.#left;
    left.flushed += reader.leave(isClean);
    left.offered += reader.offered;
    left.buffered += reader.buffered;
    left.acknowledged += reader.acknowledged;
    left.skipped += reader.skipped;
  }

  sums(): ReaderSums {
    const sums = { ...this.#left };
    for (const reader of this.#readers.values()) {
      sums.offered += reader.offered;
      sums.buffered += reader.buffered;
      sums.flushed += reader.flushed(reader.connection.socket.bufferedBytes);
      sums.acknowledged += reader.acknowledged;
      sums.skipped += reader.skipped;
    }
    return sums;
  }

  #count(is: (reader: TickReader) => boolean): number {
    let count = 0;
    for (const reader of this.#readers.values()) if (is(reader)) count += 1;
    return count;
  }
}
