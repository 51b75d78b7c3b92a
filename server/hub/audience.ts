/** Who gets the same messages in the same order, and what of the current turn they are still owed. */

import type { Connection } from './connection.ts';
import type { BatchMark, FrameBatch } from './frames/frame-batch.ts';

/** Where a member stands in a batch. */
export interface MemberMark extends BatchMark {
  /** Whether it was a member when the batch began: then it gets every message of it, before the place or behind. */
  readonly isFull: boolean;
}

export class Audience {
  readonly members: Set<Connection>;
  /** Frames of this turn that are not written yet; null when none wait. */
  pending: FrameBatch | null = null;
  /** Members that are owed only what stands behind a place in `pending`: who joined or was written to in mid-turn. */
  ahead: Map<Connection, MemberMark> | null = null;

  constructor(members: Set<Connection>) {
    this.members = members;
  }

  /** Takes in a member; what waits already was not meant for it. Again while it is one, it changes nothing. */
  join(connection: Connection): void {
    if (this.members.has(connection)) return;
    this.members.add(connection);
    this.#mark(connection, false);
  }

  /** Lets a member go, and what it was owed with it. */
  leave(connection: Connection): void {
    this.members.delete(connection);
    this.ahead?.delete(connection);
  }

  /** Everything that waits now needs not be written to this member any more. */
  markAhead(connection: Connection): void {
    this.#mark(connection, this.ahead?.get(connection)?.isFull ?? true);
  }

  #mark(connection: Connection, isFull: boolean): void {
    if (this.pending === null) return;
    this.ahead ??= new Map();
    this.ahead.set(connection, { ...this.pending.end(), isFull });
  }
}
