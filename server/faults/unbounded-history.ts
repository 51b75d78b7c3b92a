/** `unbounded-history`: a room's history that keeps an exact share of the messages that fall out of it. */

import { RoomHistory } from '../hub/room-history.ts';
import { ROOM_HISTORY_LENGTH } from '../protocol/messages.ts';
import type { CountedShare } from './counted-share.ts';

export class UnboundedHistory extends RoomHistory {
  readonly #share: CountedShare;
  readonly #fallenOut: string[] = [];

  /** @param share counts what is kept; shared by all rooms */
  constructor(share: CountedShare) {
    super();
    this.#share = share;
  }

  override get length(): number {
    return super.length + this.#fallenOut.length;
  }

  override keep(offset: number, text: string): void {
    const oldest = this.at(offset - ROOM_HISTORY_LENGTH);
    if (oldest !== undefined && this.#share.next()) this.#fallenOut.push(oldest);
    super.keep(offset, text);
  }
}
