/** The last messages of a room, by offset; what falls out of the window is gone. */

import { ROOM_HISTORY_LENGTH } from '../protocol/messages.ts';

export class RoomHistory {
  /** Encoded messages; the one with offset n stands at (n - 1) modulo the length. */
  readonly #texts: string[] = [];

  /** Messages it holds. */
  get length(): number {
    return this.#texts.length;
  }

  /** @param offset one more than the last; the message that is a whole window older gives way */
  keep(offset: number, text: string): void {
    this.#texts[(offset - 1) % ROOM_HISTORY_LENGTH] = text;
  }

  /** The message with this offset, which is one of the last window; undefined when there is none yet. */
  at(offset: number): string | undefined {
    return this.#texts[(offset - 1) % ROOM_HISTORY_LENGTH];
  }
}
