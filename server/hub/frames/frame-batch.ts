/** The frames that one audience is sent in one turn, side by side in one buffer that all its members share. */

import { type Header, headerBytes, MAX_HEADER_BYTES, OPCODE, writeHeader } from './server-frame.ts';

/** Whole frames, ready for the wire. */
export interface Frames {
  readonly bytes: Buffer;
  /** How many they are. */
  readonly count: number;
  /** Their payloads alone. */
  readonly payloadBytes: number;
}

/** A UTF-16 code unit takes so many bytes in UTF-8 at the most. */
const MAX_BYTES_A_UNIT = 3;
/** Room is made for the most that a shorter text may take: measuring it first would cost more. */
const LONG_TEXT = 1_024;

/** A place between two frames of a batch. */
export interface BatchMark {
  readonly bytes: number;
  readonly count: number;
  readonly payloadBytes: number;
}

const SMALLEST_BUFFER_BYTES = 1_024;
const NOTHING = Buffer.alloc(0);

export class FrameBatch {
  count = 0;
  byteLength = 0;
  payloadBytes = 0;
  /** Whether a socket still holds a view of the buffer, so that it must not be written over. */
  isHeld = false;
  /** Monotonic ms when each message was published. */
  readonly publishedAtMs: number[] = [];
  #buffer = NOTHING;
  /**
   * What the buffer of the last turn lay in. Not kept as a Buffer: those are counted to find leaks, and how many batches
   * are spare differs from moment to moment.
   */
  #memory: ArrayBuffer | null = null;

  /** Whether the batch stays within so many bytes with one more message. */
  hasRoomFor(text: string, maxBytes: number): boolean {
    const payloadRoom = maxBytes - this.byteLength - MAX_HEADER_BYTES;
    return text.length * MAX_BYTES_A_UNIT <= payloadRoom || Buffer.byteLength(text) <= payloadRoom;
  }

  /** Adds one text message. */
  add(text: string, publishedAtMs: number): void {
    const mostBytes = text.length < LONG_TEXT ? text.length * MAX_BYTES_A_UNIT : Buffer.byteLength(text);
    this.#reserve(mostBytes + MAX_HEADER_BYTES);
    // Mostly ASCII, which takes a byte a unit: then the payload is where it belongs at once.
    const supposed = this.byteLength + headerBytes(text.length);
    const payloadBytes = this.#buffer.write(text, supposed);
    const header: Header = { opcode: OPCODE.text, payloadBytes };
    const start = writeHeader(this.#buffer, this.byteLength, header);
    if (start !== supposed) this.#buffer.copyWithin(start, supposed, supposed + payloadBytes);
    this.byteLength = start + payloadBytes;
    this.payloadBytes += payloadBytes;
    this.count += 1;
    this.publishedAtMs.push(publishedAtMs);
  }

  /** The place behind the last frame. */
  end(): BatchMark {
    return { bytes: this.byteLength, count: this.count, payloadBytes: this.payloadBytes };
  }

  /** All frames, or those behind a place, as a view; what is added later stands behind it. */
  frames(from?: BatchMark): Frames {
    const { count, byteLength, payloadBytes } = this;
    if (from === undefined) return { bytes: this.#buffer.subarray(0, byteLength), count, payloadBytes };
    return {
      bytes: this.#buffer.subarray(from.bytes, byteLength),
      count: count - from.count,
      payloadBytes: payloadBytes - from.payloadBytes,
    };
  }

  /** Begins anew. A buffer that sockets hold is left to them. */
  clear(): void {
    this.count = 0;
    this.byteLength = 0;
    this.payloadBytes = 0;
    this.publishedAtMs.length = 0;
    this.#memory = this.isHeld ? null : this.#buffer.buffer;
    this.#buffer = NOTHING;
    this.isHeld = false;
  }

  #reserve(bytes: number): void {
    const needed = this.byteLength + bytes;
    if (needed <= this.#buffer.byteLength) return;
    if (this.byteLength === 0 && this.#memory !== null && needed <= this.#memory.byteLength) {
      this.#buffer = Buffer.from(this.#memory);
      return;
    }
    // Not out of Node's pool: a slow client's view would pin a slab of it.
    const grown = Buffer.allocUnsafeSlow(
      Math.max(SMALLEST_BUFFER_BYTES, needed, 2 * this.#buffer.byteLength),
    );
    this.#buffer.copy(grown, 0, 0, this.byteLength);
    this.#buffer = grown;
  }
}
