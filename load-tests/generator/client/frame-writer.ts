/**
 * Writes WebSocket frames as a client must send them: masked.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.3
 */

import { randomFillSync } from 'node:crypto';

/** Random bytes for masks, drawn in bulk: one system call serves 2,048 frames. */
const maskPool = Buffer.alloc(8_192);
let maskPosition = maskPool.length;

/**
 * One whole masked frame.
 *
 * @param opcode see `OPCODE` in frame-parser.ts
 */
export function maskedFrame(opcode: number, payload: Uint8Array): Buffer {
  const lengthBytes = payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8;
  const maskAt = 2 + lengthBytes;
  const frame = Buffer.allocUnsafe(maskAt + 4 + payload.length);
  frame[0] = 0x80 | opcode;
  if (lengthBytes === 0) {
    frame[1] = 0x80 | payload.length;
  } else if (lengthBytes === 2) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(payload.length, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  if (maskPosition === maskPool.length) {
    randomFillSync(maskPool);
    maskPosition = 0;
  }
  maskPool.copy(frame, maskAt, maskPosition, maskPosition + 4);
  maskPosition += 4;
  for (let index = 0; index < payload.length; index += 1) {
    frame[maskAt + 4 + index] = (payload[index] ?? 0) ^ (frame[maskAt + (index & 3)] ?? 0);
  }
  return frame;
}

/** A close frame with a code and no reason. */
export function closeFrame(code: number): Buffer {
  const payload = Buffer.allocUnsafe(2);
  payload.writeUInt16BE(code, 0);
  return maskedFrame(8, payload);
}
