/** Takes frames that lie side by side apart again, for sockets that must be given message by message. */

import { OPCODE } from './server-frame.ts';

const OPCODE_BITS = 0x0f;
const LENGTH_BITS = 0x7f;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

/** Takes one message; `payload` is a view, valid as long as the frames are. */
export type TakeMessage = (payload: Buffer, isBinary: boolean) => void;

/** @param frames whole frames of our own making, from `server-frame.ts` */
export function eachFrame(frames: Buffer, take: TakeMessage): void {
  let at = 0;
  while (at < frames.byteLength) {
    const isBinary = ((frames[at] ?? 0) & OPCODE_BITS) === OPCODE.binary;
    let payloadBytes = (frames[at + 1] ?? 0) & LENGTH_BITS;
    at += 2;
    if (payloadBytes === LENGTH_IN_16_BITS) {
      payloadBytes = frames.readUInt16BE(at);
      at += 2;
    } else if (payloadBytes === LENGTH_IN_64_BITS) {
      payloadBytes = Number(frames.readBigUInt64BE(at));
      at += 8;
    }
    take(frames.subarray(at, at + payloadBytes), isBinary);
    at += payloadBytes;
  }
}
