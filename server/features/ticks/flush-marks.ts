/**
 * Which of the ticks that were given to a socket the kernel has taken. The socket tells only how many bytes it still has:
 * what was written while it had some is marked with the bytes and ticks up to there, and a mark is passed when that many
 * bytes are gone. A write is taken as a whole or not at all, as sockets count it.
 */

import type { TurnBuffer } from './turn-buffers.ts';

/** More writes than this under way share marks, so that a reader costs no more memory; the count then reads low. */
const MAX_MARKS = 1_024;

interface Mark {
  /** Bytes written up to and with this write. */
  bytes: number;
  /** Ticks given up to and with it. */
  ticks: number;
  readonly held: TurnBuffer[];
}

export class FlushMarks {
  #marks: Mark[] = [];
  /** Marks before this place are passed; they are cut off now and then. */
  #first = 0;
  #writtenBytes = 0;
  #flushedTicks = 0;

  /** Ticks taken by the kernel, as of the last {@link settle} or {@link wrote}. */
  get flushedTicks(): number {
    return this.#flushedTicks;
  }

  /** Writes under way. */
  get size(): number {
    return this.#marks.length - this.#first;
  }

  /**
   * A write was handed over.
   *
   * @param write its bytes, all ticks given so far, what it was written from, and what the socket has unsent after it
   */
  wrote(write: {
    readonly bytes: number;
    readonly ticks: number;
    readonly held: TurnBuffer | null;
    readonly unsentBytes: number;
  }): void {
    const { bytes, ticks, held, unsentBytes } = write;
    if (unsentBytes === 0) {
      this.#passAll(ticks);
      return;
    }
    this.#writtenBytes += bytes;
    held?.retain();
    const last = this.#marks.at(-1);
    if (last !== undefined && this.size >= MAX_MARKS) {
      last.bytes = this.#writtenBytes;
      last.ticks = ticks;
      if (held !== null) last.held.push(held);
    } else {
      this.#marks.push({ bytes: this.#writtenBytes, ticks, held: held === null ? [] : [held] });
    }
    this.settle(unsentBytes);
  }

  /** Looks again at what the socket has. */
  settle(unsentBytes: number): void {
    const goneBytes = this.#writtenBytes - unsentBytes;
    let mark = this.#marks[this.#first];
    while (mark !== undefined && mark.bytes <= goneBytes) {
      this.#flushedTicks = mark.ticks;
      for (const held of mark.held) held.release();
      this.#first += 1;
      mark = this.#marks[this.#first];
    }
    if (mark === undefined) this.#passAll(this.#flushedTicks);
    else if (this.#first >= MAX_MARKS) {
      this.#marks.splice(0, this.#first);
      this.#first = 0;
    }
  }

  /** The connection is gone; what it held is never written over, since nobody knows who still reads it. */
  forget(): void {
    this.#marks = [];
    this.#first = 0;
  }

  #passAll(ticks: number): void {
    for (let at = this.#first; at < this.#marks.length; at += 1) {
      for (const held of this.#marks[at]?.held ?? []) held.release();
    }
    if (this.#marks.length > 0) this.#marks = [];
    this.#first = 0;
    this.#writtenBytes = 0;
    this.#flushedTicks = ticks;
  }
}
