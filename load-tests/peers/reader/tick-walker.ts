/**
 * Walks the frames of one connection where the kernel put them and checks each message. It runs once a message, at tens of
 * millions a second, so the two loops below touch a few bytes and call nothing as long as all is well.
 */

import { readBuffer, readView } from './read-buffer.ts';
import type { TickShape } from './reader-plan.ts';
import { readTickTime } from './tick-time.ts';

const TEXT_FRAME = 0x81;
const BINARY_FRAME = 0x82;
const BINARY_TICK_BYTES = 20;
/** A JSON tick is longer than this and shorter than 126. */
const LEAST_JSON_BYTES = 30;
const LONGEST_SHORT_FRAME = 125;
const ZERO = 48;

/** What tells a tick from other texts: one byte of its payload, and what stands around its JSON. */
interface Wrapping {
  readonly markAt: number;
  readonly mark: number;
  readonly prefixBytes: number;
  readonly suffixBytes: number;
}

const WRAPPINGS: Readonly<Record<TickShape['framing'], Wrapping>> = {
  // The s of `{"symbol"`, where a control text has the t of `{"type"`.
  websocket: { markAt: 2, mark: 0x73, prefixBytes: 0, suffixBytes: 1 },
  // The 2 of `42["tick",…]`: no other packet has it there.
  'socket.io': { markAt: 1, mark: 0x32, prefixBytes: 10, suffixBytes: 2 },
};

/** Takes what is no tick, and the time of every sampled one. */
export interface WalkerSink {
  /** `bytes[start, end)` of the payload, valid during the call. */
  onOther(walker: TickWalker, opcode: number, start: number, end: number): void;
  onSample(latencyMs: number): void;
}

export class TickWalker {
  /** Messages that came. */
  received = 0;
  /** Sequence numbers that never came. */
  missing = 0;
  /** Messages whose number or time did not rise. */
  repeated = 0;
  readonly #shape: TickShape;
  readonly #sink: WalkerSink;
  readonly #wrapping: Wrapping;
  #next = 1;
  #untilSample: number;
  #timeHigh = 0;
  #timeLow = 0;

  constructor(shape: TickShape, sink: WalkerSink) {
    this.#shape = shape;
    this.#sink = sink;
    this.#wrapping = WRAPPINGS[shape.framing];
    this.#untilSample = shape.sampledEvery === 0 ? Number.MAX_SAFE_INTEGER : shape.sampledEvery;
  }

  /** The sequence number that is due next; the server's greeting may say that it is not 1. */
  expect(seq: number): void {
    this.#next = seq;
  }

  /**
   * Walks the read buffer from `start` to `end`.
   *
   * @param nowMs epoch ms of the read
   * @returns where the first frame begins that is not whole
   */
  walk(start: number, end: number, nowMs: number): number {
    if (this.#shape.format === 'json') return this.#walkJson(start, end, nowMs);
    return this.#shape.hasSequence
      ? this.#walkBinary(start, end, nowMs)
      : this.#walkRising(start, end, nowMs);
  }

  #walkJson(start: number, end: number, nowMs: number): number {
    const { mark, prefixBytes, suffixBytes } = this.#wrapping;
    const markAt = 2 + this.#wrapping.markAt;
    const leastBytes = prefixBytes + LEAST_JSON_BYTES;
    const lastDigit = suffixBytes + 1;
    let at = start;
    let digit = this.#next % 10;
    while (at + 2 <= end) {
      const length = readBuffer[at + 1] ?? 0;
      const after = at + 2 + length;
      if (
        after > end ||
        length > LONGEST_SHORT_FRAME ||
        length < leastBytes ||
        readBuffer[at] !== TEXT_FRAME ||
        readBuffer[at + markAt] !== mark
      ) {
        at = this.#other(at, end);
        if (at < 0) return ~at;
        digit = this.#next % 10;
        continue;
      }
      // Only every tenth number is read whole: a gap shows in the last digit, or within ten messages.
      if (digit === 0 || readBuffer[after - lastDigit] !== ZERO + digit) {
        this.#compare(this.#readSeq(after - lastDigit));
        digit = this.#next % 10;
      } else {
        this.#next += 1;
        digit = digit === 9 ? 0 : digit + 1;
      }
      this.received += 1;
      this.#untilSample -= 1;
      if (this.#untilSample === 0) this.#sample(nowMs - readTickTime(at + 2 + prefixBytes));
      at = after;
    }
    return at;
  }

  #walkBinary(start: number, end: number, nowMs: number): number {
    let at = start;
    while (at + 2 <= end) {
      const after = at + 2 + BINARY_TICK_BYTES;
      if (after > end || readBuffer[at] !== BINARY_FRAME || readBuffer[at + 1] !== BINARY_TICK_BYTES) {
        at = this.#other(at, end);
        if (at < 0) return ~at;
        continue;
      }
      const seq = readView.getUint32(at + 2, true);
      if (seq === this.#next) this.#next += 1;
      else this.#compare(seq);
      this.received += 1;
      this.#untilSample -= 1;
      if (this.#untilSample === 0) this.#sample(nowMs - readBinaryTime(at + 14));
      at = after;
    }
    return at;
  }

  #walkRising(start: number, end: number, nowMs: number): number {
    let at = start;
    while (at + 2 <= end) {
      const after = at + 2 + BINARY_TICK_BYTES;
      if (after > end || readBuffer[at] !== BINARY_FRAME || readBuffer[at + 1] !== BINARY_TICK_BYTES) {
        at = this.#other(at, end);
        if (at < 0) return ~at;
        continue;
      }
      const low = readView.getUint32(at + 14, true);
      const high = readView.getUint32(at + 18, true);
      if (high < this.#timeHigh || (high === this.#timeHigh && low <= this.#timeLow)) this.repeated += 1;
      this.#timeHigh = high;
      this.#timeLow = low;
      this.received += 1;
      this.#untilSample -= 1;
      if (this.#untilSample === 0) this.#sample(nowMs - readBinaryTime(at + 14));
      at = after;
    }
    return at;
  }

  /** A frame that is not this shape's tick: where it ends, or the complement of `at` while it is not whole. */
  #other(at: number, end: number): number {
    let length = readBuffer[at + 1] ?? 0;
    let payload = at + 2;
    if (length > LONGEST_SHORT_FRAME) {
      if (at + 4 > end) return ~at;
      // A length of eight bytes is no peer's; as two bytes it does not fit the buffer, and the connection is cut.
      length = length === 126 ? readView.getUint16(at + 2) : Number.POSITIVE_INFINITY;
      payload = at + 4;
    }
    if (payload + length > end) return ~at;
    this.#sink.onOther(this, (readBuffer[at] ?? 0) & 0x0f, payload, payload + length);
    return payload + length;
  }

  #compare(seq: number): void {
    const { wrapsAt } = this.#shape;
    if (wrapsAt > 0 && seq === 1 && this.#next > wrapsAt) {
      this.#next = 2;
    } else if (seq >= this.#next) {
      this.missing += seq - this.#next;
      // JSON looks at whole numbers at every tenth only, and this is one of them.
      this.#next = seq === wrapsAt ? 1 : seq + 1;
    } else {
      this.repeated += 1;
    }
  }

  #readSeq(lastDigitAt: number): number {
    let seq = 0;
    let scale = 1;
    for (let at = lastDigitAt; ; at -= 1) {
      const digit = (readBuffer[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) return seq;
      seq += digit * scale;
      scale *= 10;
    }
  }

  #sample(latencyMs: number): void {
    this.#untilSample = this.#shape.sampledEvery;
    this.#sink.onSample(latencyMs);
  }
}

/** i64 epoch nanoseconds as ms. */
function readBinaryTime(at: number): number {
  return (readView.getInt32(at + 4, true) * 2 ** 32 + readView.getUint32(at, true)) / 1e6;
}
