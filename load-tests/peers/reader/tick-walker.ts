/**
 * Walks the frames of one connection where the kernel put them and checks each message. It runs once a message, at tens of
 * millions a second: tight loops run over what is as it should be, and one careful step takes whatever stopped them.
 */

import { readBuffer, readView } from './read-buffer.ts';
import type { TickShape } from './reader-plan.ts';
import { readBinaryTime, readNumberBefore, readTickTime } from './tick-fields.ts';

const TEXT_FRAME = 0x81;
/** First two bytes of a whole binary frame of 20 bytes, and the length of that frame. */
const BINARY_HEAD = 0x82_14;
const BINARY_FRAME_BYTES = 22;
/** Where a binary tick's time stands in its frame. */
const BINARY_TIME_AT = 14;
/** A JSON tick is longer than this and shorter than 126. */
const LEAST_JSON_BYTES = 30;
const LONGEST_SHORT_FRAME = 125;
const ZERO = 48;

/** What tells a JSON tick from other texts: one byte of the payload; and what stands around it. */
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

/** Takes what is no tick, and how long every sampled tick took. */
export interface WalkerSink {
  /** The payload is `readBuffer[start, end)`, valid during the call. */
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
  /** The sequence number that is due. */
  #next = 1;
  /** Ticks up to the next sample; the one that brings it to 0 is timed. */
  #untilSample: number;
  /** Where the last tick's frame began. */
  #lastAt = 0;
  #timeHigh = 0;
  #timeLow = 0;

  /** @param connection number of the connection: each begins to sample somewhere else, so that few messages do, too */
  constructor(shape: TickShape, sink: WalkerSink, connection: number) {
    this.#shape = shape;
    this.#sink = sink;
    this.#wrapping = WRAPPINGS[shape.framing];
    const { sampledEvery } = shape;
    this.#untilSample = sampledEvery === 0 ? Number.MAX_SAFE_INTEGER : 1 + (connection % sampledEvery);
  }

  /** Says which sequence number is due next, where a greeting tells that it is not 1. */
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
    let at = start;
    while (at + 2 <= end) {
      at = this.#run(at, end);
      if (this.#untilSample > 0) {
        const after = this.#step(at, end);
        if (after === at) break;
        at = after;
      }
      if (this.#untilSample === 0) this.#sample(nowMs);
    }
    return at;
  }

  /** Takes ticks as long as each is the one that is due; stops behind one whose sample is due. */
  #run(at: number, end: number): number {
    if (this.#shape.format === 'json') return this.#runJson(at, end);
    return this.#shape.hasSequence ? this.#runBinary(at, end) : this.#runRising(at, end);
  }

  /** Looks at the last digit of the sequence number, and stops where it comes round: then the number is read whole. */
  #runJson(start: number, end: number): number {
    // A local name is looked up once, an imported one at every byte.
    const bytes = readBuffer;
    const { mark, markAt, prefixBytes, suffixBytes } = this.#wrapping;
    const digit = this.#next % 10;
    const most = digit === 0 ? 0 : Math.min(10 - digit, this.#untilSample);
    let at = start;
    let count = 0;
    for (; count < most && at + 2 <= end; count += 1) {
      const length = bytes[at + 1] ?? 0;
      const after = at + 2 + length;
      if (
        after > end ||
        length < prefixBytes + LEAST_JSON_BYTES ||
        length > LONGEST_SHORT_FRAME ||
        bytes[at] !== TEXT_FRAME ||
        bytes[at + 2 + markAt] !== mark ||
        bytes[after - suffixBytes - 1] !== ZERO + digit + count
      ) {
        break;
      }
      this.#lastAt = at;
      at = after;
    }
    this.#next += count;
    this.#count(count);
    return at;
  }

  #runBinary(start: number, end: number): number {
    const view = readView;
    const { wrapsAt } = this.#shape;
    const next = this.#next;
    const untilWrap = wrapsAt === 0 ? Number.POSITIVE_INFINITY : wrapsAt - next;
    const whole = Math.floor((end - start) / BINARY_FRAME_BYTES);
    const most = Math.min(this.#untilSample, whole, untilWrap);
    let at = start;
    let count = 0;
    while (
      count < most &&
      view.getUint16(at) === BINARY_HEAD &&
      view.getUint32(at + 2, true) === next + count
    ) {
      at += BINARY_FRAME_BYTES;
      count += 1;
    }
    this.#lastAt = at - BINARY_FRAME_BYTES;
    this.#next += count;
    this.#count(count);
    return at;
  }

  #runRising(start: number, end: number): number {
    const view = readView;
    const most = Math.min(this.#untilSample, Math.floor((end - start) / BINARY_FRAME_BYTES));
    let high = this.#timeHigh;
    let low = this.#timeLow;
    let at = start;
    let count = 0;
    for (; count < most && view.getUint16(at) === BINARY_HEAD; count += 1) {
      const newLow = view.getUint32(at + BINARY_TIME_AT, true);
      const newHigh = view.getUint32(at + BINARY_TIME_AT + 4, true);
      if (newHigh < high || (newHigh === high && newLow <= low)) this.repeated += 1;
      high = newHigh;
      low = newLow;
      at += BINARY_FRAME_BYTES;
    }
    this.#timeHigh = high;
    this.#timeLow = low;
    this.#lastAt = at - BINARY_FRAME_BYTES;
    this.#count(count);
    return at;
  }

  /**
   * Takes one frame, whatever it is.
   *
   * @returns where it ends, or `at` while it is not whole
   */
  #step(at: number, end: number): number {
    if (at + 4 > end) return at;
    const short = readBuffer[at + 1] ?? 0;
    // A length of eight bytes is no peer's: it never becomes whole, and the connection is cut.
    const length =
      short <= LONGEST_SHORT_FRAME ? short : short === 126 ? readView.getUint16(at + 2) : Infinity;
    const payload = at + (short <= LONGEST_SHORT_FRAME ? 2 : 4);
    const after = payload + length;
    if (after > end) return at;
    const seq = this.#seqOf(at, payload, after);
    if (seq === null) {
      this.#sink.onOther(this, (readBuffer[at] ?? 0) & 0x0f, payload, after);
    } else {
      this.#compare(seq);
      this.#lastAt = at;
      this.#count(1);
    }
    return after;
  }

  /** The sequence number of a whole frame; null when it is no tick that has one. */
  #seqOf(at: number, payload: number, after: number): number | null {
    const { format, hasSequence } = this.#shape;
    if (format === 'binary') {
      const isTick = hasSequence && readView.getUint16(at) === BINARY_HEAD;
      return isTick ? readView.getUint32(payload, true) : null;
    }
    const { mark, markAt, prefixBytes, suffixBytes } = this.#wrapping;
    const isTick =
      payload === at + 2 &&
      after - payload >= prefixBytes + LEAST_JSON_BYTES &&
      readBuffer[at] === TEXT_FRAME &&
      readBuffer[payload + markAt] === mark;
    return isTick ? readNumberBefore(after - suffixBytes - 1) : null;
  }

  #compare(seq: number): void {
    const { wrapsAt } = this.#shape;
    if (seq < this.#next) {
      this.repeated += 1;
      return;
    }
    this.missing += seq - this.#next;
    this.#next = seq === wrapsAt ? 1 : seq + 1;
  }

  #count(ticks: number): void {
    this.received += ticks;
    this.#untilSample -= ticks;
  }

  #sample(nowMs: number): void {
    this.#untilSample = this.#shape.sampledEvery;
    const madeMs =
      this.#shape.format === 'json'
        ? readTickTime(this.#lastAt + 2 + this.#wrapping.prefixBytes)
        : readBinaryTime(this.#lastAt + BINARY_TIME_AT);
    this.#sink.onSample(nowMs - madeMs);
  }
}
