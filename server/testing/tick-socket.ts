/** A socket of `/ticks` that remembers ticks and control messages in their order; what it holds back is the test's to say. */

import { eachFrame } from '../hub/frames/each-frame.ts';
import type { TickMessage } from '../protocol/tick-messages.ts';
import { FakeSocket } from './fake-socket.ts';

/** A binary tick. */
export interface BinaryTick {
  readonly symbol: number;
  readonly price: number;
  readonly epochNs: bigint;
}

export type ControlMessage = Readonly<Record<string, unknown>>;

export class TickSocket extends FakeSocket {
  readonly json: TickMessage[] = [];
  readonly binary: BinaryTick[] = [];
  readonly controls: ControlMessage[] = [];
  /** Ticks that came before each control message. */
  readonly ticksBefore: number[] = [];
  /** Of {@link FakeSocket.writes} the sizes. */
  readonly writeBytes: number[] = [];
  /** Told of each write, framing included. */
  onWrite: (bytes: number) => void = () => {};

  get ticks(): number {
    return this.json.length + this.binary.length;
  }

  override send(data: Buffer | string, isBinary = false): void {
    super.send(data);
    this.#take(Buffer.from(data), isBinary);
    this.onWrite(data.length + 2);
  }

  override sendFrames(frames: Buffer): void {
    super.sendFrames(frames);
    eachFrame(frames, (payload, isBinary) => this.#take(Buffer.from(payload), isBinary));
    this.onWrite(frames.byteLength);
  }

  #take(payload: Buffer, isBinary: boolean): void {
    if (isBinary) {
      this.binary.push({
        symbol: payload.readUInt32LE(0),
        price: payload.readDoubleLE(4),
        epochNs: payload.readBigInt64LE(12),
      });
      return;
    }
    const message = JSON.parse(payload.toString());
    if ('seq' in message && 'symbol' in message) {
      this.json.push(message);
    } else {
      this.controls.push(message);
      this.ticksBefore.push(this.ticks);
    }
  }
}
