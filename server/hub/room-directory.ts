/** All rooms by key, with a bound on what empty ones cost. */

import type { HubCollections } from './hub-collections.ts';
import { Room } from './room.ts';

export interface RoomTotals {
  readonly count: number;
  readonly subscriptions: number;
  readonly largest: number;
}

export interface RoomDirectoryOptions {
  /** Differs from every other run of the server. */
  readonly processEpoch: string;
  readonly maxIdleRooms: number;
  /** What rooms keep their members and messages in. */
  readonly collections: HubCollections;
}

/**
 * An empty room without a message is dropped at once: recreated, it stands at offset 0 again, so nothing is lost.
 * An empty room with history stays, for those who come back; beyond `maxIdleRooms` the one that was idle
 * longest goes. From then on new rooms get a new epoch: the evicted one would start at offset 0 again, and an
 * offset that anyone saw must not be given twice under one epoch.
 */
export class RoomDirectory {
  readonly #processEpoch: string;
  readonly #maxIdleRooms: number;
  readonly #collections: HubCollections;
  readonly #rooms = new Map<string, Room>();
  /** Empty rooms with history, idle longest first. */
  readonly #idle = new Set<Room>();
  #generation = 0;

  constructor({ processEpoch, maxIdleRooms, collections }: RoomDirectoryOptions) {
    this.#processEpoch = processEpoch;
    this.#maxIdleRooms = maxIdleRooms;
    this.#collections = collections;
  }

  get size(): number {
    return this.#rooms.size;
  }

  get idleSize(): number {
    return this.#idle.size;
  }

  /** The epoch a room made now would have. */
  get epoch(): string {
    return this.#generation === 0 ? this.#processEpoch : `${this.#processEpoch}.${this.#generation}`;
  }

  find(key: string): Room | undefined {
    return this.#rooms.get(key);
  }

  /** The room, made when it does not exist. Call {@link settle} when done with it. */
  obtain(key: string): Room {
    const known = this.#rooms.get(key);
    if (known !== undefined) {
      this.#idle.delete(known);
      return known;
    }
    const { members, history } = this.#collections;
    const room = new Room(key, this.epoch, { members: members(), history: history() });
    this.#rooms.set(key, room);
    return room;
  }

  /** Drops the room, or counts it as idle, when nobody is in it. */
  settle(room: Room): void {
    if (room.members.size > 0) return;
    if (room.offset === 0) {
      this.#rooms.delete(room.key);
      return;
    }
    this.#idle.add(room);
    if (this.#idle.size > this.#maxIdleRooms) this.#evictOldest();
  }

  totals(): RoomTotals {
    let subscriptions = 0;
    let largest = 0;
    for (const { members } of this.#rooms.values()) {
      subscriptions += members.size;
      if (members.size > largest) largest = members.size;
    }
    return { count: this.#rooms.size, subscriptions, largest };
  }

  /** Messages kept over all rooms. */
  historyLength(): number {
    let length = 0;
    for (const room of this.#rooms.values()) length += room.historyLength;
    return length;
  }

  #evictOldest(): void {
    const [oldest] = this.#idle;
    if (oldest === undefined) return;
    this.#idle.delete(oldest);
    this.#rooms.delete(oldest.key);
    this.#generation += 1;
  }
}
