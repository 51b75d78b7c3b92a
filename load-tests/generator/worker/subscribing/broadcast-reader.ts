/**
 * Reads the frames of one client of a room. Where the bytes are those that another client was sent before, what they say is
 * known and goes into the books at once; everything else is parsed. Every byte is looked at either way.
 */

import { FrameParser, type FrameReader, type FrameSink } from '../../client/frame-parser.ts';
import type { DeliveryRecorder } from './delivery-recorder.ts';
import type { SharedBroadcasts } from './shared-broadcasts.ts';

/** A whole text message in one frame. */
const TEXT_FRAME = 0x81;

export class BroadcastReader implements FrameReader {
  readonly #client: number;
  readonly #recorder: DeliveryRecorder;
  readonly #shared: SharedBroadcasts;
  readonly #parser = new FrameParser();
  /** The offset that is due next; -1 before the first delivery. */
  #next = -1;

  /** @param shared of all clients of the worker */
  constructor(client: number, recorder: DeliveryRecorder, shared: SharedBroadcasts) {
    this.#client = client;
    this.#recorder = recorder;
    this.#shared = shared;
  }

  push(bytes: Buffer, start: number, end: number, sink: FrameSink): void {
    let at = start;
    while (at < end) {
      if (this.#parser.isAtMessage) at = this.#takeKnown(bytes, at, end);
      if (at < end) at = this.#parse(bytes, at, end, sink);
    }
  }

  /** @returns where the first frame begins that is not known */
  #takeKnown(bytes: Buffer, start: number, end: number): number {
    const first = this.#next;
    const frames = this.#shared.sameFrames(first, bytes, start, end);
    if (frames === 0) return start;
    this.#recorder.knownDeliveries(this.#client, this.#shared, { first, frames });
    this.#next = first + frames;
    return start + this.#shared.bytesOf(first, frames);
  }

  /** @returns where the frame ends, or `end` */
  #parse(bytes: Buffer, start: number, end: number, sink: FrameSink): number {
    const recorder = this.#recorder;
    recorder.lastWasDelivery = false;
    const after = this.#parser.pushFrame(bytes, start, end, sink);
    if (!recorder.lastWasDelivery) return after;
    const { reading } = recorder;
    const frame = this.#parser.lastFrame;
    // Without the ones that a read cut in two, the frames before and behind them would be no series.
    if (frame.bytes[frame.start] === TEXT_FRAME) this.#shared.keep(frame, reading);
    this.#next = reading.offset + 1;
    return after;
  }
}
