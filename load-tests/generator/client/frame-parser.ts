/**
 * Reads WebSocket frames as a client gets them, over arbitrary reads. Whole frames inside a read are handed on
 * without a copy; only a frame that a read cuts in two is kept.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5
 */

import { MAX_MESSAGE_BYTES } from './client.ts';

/** Frames of one message. Each kept one costs memory of its own, however short it is. */
const MAX_FRAGMENTS = 4_096;

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const FIN = 0x80;
const RESERVED = 0x70;
const MASKED = 0x80;
const LENGTH = 0x7f;
const CONTROL = 0x08;
const MAX_CONTROL_BYTES = 125;
const NO_BYTES = Buffer.alloc(0);
/** Stands for a close frame without a code; never sent itself. */
const NO_CODE = 1005;

/**
 * Takes what the parser finds. The bytes belong to the reader: they are valid during the call only.
 * `end` is exclusive.
 */
export interface FrameSink {
  onText(bytes: Buffer, start: number, end: number): void;
  onBinary(bytes: Buffer, start: number, end: number): void;
  onPing(bytes: Buffer, start: number, end: number): void;
  /** `code` is 1005 when the frame has none. */
  onClose(code: number): void;
  /** The peer broke RFC 6455; the parser takes nothing more. */
  onViolation(what: string): void;
}

/** Takes a connection's bytes and hands on what they mean. */
export interface FrameReader {
  /** Reads `bytes[start, end)`. Nothing is taken after a close frame or a violation. */
  push(bytes: Buffer, start: number, end: number, sink: FrameSink): void;
}

/** `end` is exclusive. */
export interface FrameBytes {
  bytes: Buffer;
  start: number;
  end: number;
}

/** One connection's half-read frame and half-read message. */
export class FrameParser implements FrameReader {
  /** A frame that the last read cut, from its first byte. */
  #partial: Buffer | null = null;
  #partialBytes = 0;
  /** Payloads of a fragmented message so far. */
  #fragments: Buffer[] | null = null;
  #fragmentBytes = 0;
  #fragmentOpcode = 0;
  #isOver = false;
  #last: FrameBytes = { bytes: NO_BYTES, start: 0, end: 0 };

  /** Whether the next byte begins a message. */
  get isAtMessage(): boolean {
    return this.#partial === null && this.#fragments === null && !this.#isOver;
  }

  /** Where the frame lies that was read last, header included; valid as long as its bytes are. */
  get lastFrame(): Readonly<FrameBytes> {
    return this.#last;
  }

  push(bytes: Buffer, start: number, end: number, sink: FrameSink): void {
    let position = start;
    while (position < end) position = this.pushFrame(bytes, position, end, sink);
  }

  /**
   * {@link push} up to the end of one frame, so that a caller may read whole frames by itself in between.
   *
   * @returns where it stopped; `end` when nothing more is taken
   */
  pushFrame(bytes: Buffer, start: number, end: number, sink: FrameSink): number {
    if (this.#isOver) return end;
    if (this.#partial !== null) return this.#completePartial(bytes, start, end, sink);
    const frameBytes = this.#frameBytes(bytes, start, end, sink);
    if (this.#isOver) return end;
    if (frameBytes === 0 || start + frameBytes > end) {
      this.#keep(bytes, start, end, frameBytes);
      return end;
    }
    this.#readFrame(bytes, start, start + frameBytes, sink);
    return start + frameBytes;
  }

  /** Adds to the cut frame only what it lacks, so that the rest of the read needs no copy. */
  #completePartial(bytes: Buffer, start: number, end: number, sink: FrameSink): number {
    let partial = this.#partial ?? Buffer.alloc(0);
    const have = this.#partialBytes;
    const frameBytes = this.#frameBytes(partial, 0, have, sink);
    if (this.#isOver) return end;
    // Without a whole header take one byte more and look again: at most 14 times.
    const wanted = frameBytes === 0 ? have + 1 : frameBytes;
    const taken = Math.min(wanted - have, end - start);
    if (partial.length < wanted) {
      const larger = Buffer.allocUnsafe(wanted);
      partial.copy(larger, 0, 0, have);
      partial = larger;
      this.#partial = larger;
    }
    bytes.copy(partial, have, start, start + taken);
    this.#partialBytes = have + taken;
    if (frameBytes === 0 || this.#partialBytes < frameBytes) {
      // A frame whose header has just become whole may have no payload: it is complete by itself.
      const known = frameBytes === 0 ? this.#frameBytes(partial, 0, this.#partialBytes, sink) : 0;
      if (this.#isOver || known !== this.#partialBytes) return start + taken;
    }
    const whole = this.#partialBytes;
    this.#partial = null;
    this.#partialBytes = 0;
    this.#readFrame(partial, 0, whole, sink);
    return start + taken;
  }

  #keep(bytes: Buffer, start: number, end: number, frameBytes: number): void {
    this.#partialBytes = end - start;
    this.#partial = Buffer.allocUnsafe(Math.max(frameBytes, this.#partialBytes));
    bytes.copy(this.#partial, 0, start, end);
  }

  /** Header and payload length of the frame at `start`; 0 while the header is not whole. */
  #frameBytes(bytes: Buffer, start: number, end: number, sink: FrameSink): number {
    if (end - start < 2) return 0;
    const second = bytes[start + 1] ?? 0;
    if ((second & MASKED) !== 0) return this.#fail('a masked frame from the server', sink);
    const short = second & LENGTH;
    if (short < 126) return 2 + short;
    if (short === 126) return end - start < 4 ? 0 : 4 + bytes.readUInt16BE(start + 2);
    if (end - start < 10) return 0;
    const payloadBytes = bytes.readUInt32BE(start + 2) * 2 ** 32 + bytes.readUInt32BE(start + 6);
    if (payloadBytes > MAX_MESSAGE_BYTES) return this.#fail(`a frame of ${payloadBytes} bytes`, sink);
    return 10 + payloadBytes;
  }

  /** @param end where the whole frame ends */
  #readFrame(bytes: Buffer, start: number, end: number, sink: FrameSink): void {
    this.#last.bytes = bytes;
    this.#last.start = start;
    this.#last.end = end;
    const first = bytes[start] ?? 0;
    const short = (bytes[start + 1] ?? 0) & LENGTH;
    const payload = start + (short < 126 ? 2 : short === 126 ? 4 : 10);
    const opcode = first & 0x0f;
    // By far the most frequent frame first: a whole text message.
    if (first === (FIN | OPCODE.text) && this.#fragments === null) {
      sink.onText(bytes, payload, end);
    } else if ((first & RESERVED) !== 0) {
      this.#fail('reserved bits', sink);
    } else if ((opcode & CONTROL) !== 0) {
      this.#readControl(first, bytes, payload, end, sink);
    } else {
      this.#readData(first, bytes, payload, end, sink);
    }
  }

  #readControl(first: number, bytes: Buffer, start: number, end: number, sink: FrameSink): void {
    const opcode = first & 0x0f;
    if ((first & FIN) === 0 || end - start > MAX_CONTROL_BYTES) {
      this.#fail('a fragmented or long control frame', sink);
    } else if (opcode === OPCODE.ping) {
      sink.onPing(bytes, start, end);
    } else if (opcode === OPCODE.close) {
      if (end - start === 1) {
        this.#fail('a close code of one byte', sink);
        return;
      }
      const code = end - start >= 2 ? bytes.readUInt16BE(start) : NO_CODE;
      if (end - start >= 2 && !isCloseCode(code)) {
        this.#fail(`close code ${code}`, sink);
        return;
      }
      this.#isOver = true;
      sink.onClose(code);
    } else if (opcode !== OPCODE.pong) {
      this.#fail(`opcode ${opcode}`, sink);
    }
  }

  #readData(first: number, bytes: Buffer, start: number, end: number, sink: FrameSink): void {
    const opcode = first & 0x0f;
    if (opcode > OPCODE.binary || (opcode === OPCODE.continuation) === (this.#fragments === null)) {
      this.#fail(`opcode ${opcode} where it is not due`, sink);
      return;
    }
    const isLast = (first & FIN) !== 0;
    if (this.#fragments === null) {
      if (isLast) {
        sink.onBinary(bytes, start, end);
        return;
      }
      this.#fragments = [];
      this.#fragmentBytes = 0;
      this.#fragmentOpcode = opcode;
    }
    this.#fragmentBytes += end - start;
    if (this.#fragmentBytes > MAX_MESSAGE_BYTES || this.#fragments.length >= MAX_FRAGMENTS) {
      this.#fail('an endless message', sink);
      return;
    }
    this.#fragments.push(Buffer.from(bytes.subarray(start, end)));
    if (isLast) this.#finishMessage(this.#fragments, sink);
  }

  #finishMessage(fragments: readonly Buffer[], sink: FrameSink): void {
    this.#fragments = null;
    const message = Buffer.concat(fragments);
    if (this.#fragmentOpcode === OPCODE.text) sink.onText(message, 0, message.length);
    else sink.onBinary(message, 0, message.length);
  }

  #fail(what: string, sink: FrameSink): 0 {
    this.#isOver = true;
    this.#partial = null;
    this.#fragments = null;
    sink.onViolation(what);
    return 0;
  }
}

/** Whether a close frame may carry this code (RFC 6455, section 7.4, and the registry that follows it). */
function isCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== NO_CODE && code !== 1006;
}
