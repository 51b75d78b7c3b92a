/** One room: its members, its epoch and growing offset, and its last messages for resume and history. */

import { type NotRecoveredReason, ROOM_HISTORY_LENGTH, type RoomPosition } from '../protocol/messages.ts';
import { Audience } from './audience.ts';
import type { Connection } from './connection.ts';
import type { RoomHistory } from './room-history.ts';

/** All that was missed, oldest first, or why it cannot be given. Never a part. */
export type Recovery =
  | { readonly recovered: true; readonly missed: readonly string[] }
  | { readonly recovered: false; readonly reason: NotRecoveredReason };

/** Part of a room's history: `before` an offset (exclusive), at most `limit` messages. */
export interface HistoryPage {
  readonly before: number;
  readonly limit: number;
}

/** What a room keeps its members and messages in. */
export interface RoomCollections {
  readonly members: Set<Connection>;
  readonly history: RoomHistory;
}

export class Room {
  readonly key: string;
  readonly epoch: string;
  readonly audience: Audience;
  /** Offset of the newest message; 0 before the first. */
  offset = 0;
  readonly #history: RoomHistory;

  constructor(key: string, epoch: string, { members, history }: RoomCollections) {
    this.key = key;
    this.epoch = epoch;
    this.audience = new Audience(members);
    this.#history = history;
  }

  get members(): ReadonlySet<Connection> {
    return this.audience.members;
  }

  get position(): RoomPosition {
    return { epoch: this.epoch, offset: this.offset };
  }

  get historyLength(): number {
    return this.#history.length;
  }

  /** Keeps the message under the next offset, which it must carry. */
  append(text: string): void {
    this.offset += 1;
    this.#history.keep(this.offset, text);
  }

  /**
   * What a subscriber missed since it stood somewhere.
   *
   * @param maxBytes the most that may be given back at once
   */
  recover(since: RoomPosition, maxBytes: number): Recovery {
    // An offset ahead of the room's cannot be under this epoch: the client mixes two servers.
    if (since.epoch !== this.epoch || since.offset > this.offset) {
      return { recovered: false, reason: 'epoch_changed' };
    }
    if (this.offset - since.offset > ROOM_HISTORY_LENGTH) return { recovered: false, reason: 'gap_too_old' };
    const missed: string[] = [];
    let bytes = 0;
    for (let offset = since.offset + 1; offset <= this.offset; offset += 1) {
      const text = this.#at(offset);
      bytes += Buffer.byteLength(text);
      missed.push(text);
    }
    return bytes > maxBytes ? { recovered: false, reason: 'limit' } : { recovered: true, missed };
  }

  /** Newest first. */
  recent({ before, limit }: HistoryPage): readonly string[] {
    const newest = Math.min(before - 1, this.offset);
    const oldest = Math.max(newest - limit + 1, this.offset - ROOM_HISTORY_LENGTH + 1, 1);
    const texts: string[] = [];
    for (let offset = newest; offset >= oldest; offset -= 1) texts.push(this.#at(offset));
    return texts;
  }

  #at(offset: number): string {
    const text = this.#history.at(offset);
    if (text === undefined) throw new RangeError(`room ${this.key} does not keep offset ${offset}`);
    return text;
  }
}
