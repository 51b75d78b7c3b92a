/** Builds the frame of a text message once, so that every member of a room is written the same bytes. */

/** FIN and opcode 1. @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
const FINAL_TEXT = 0x81;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

/**
 * A server's (unmasked) frame around a text payload, in one buffer of its own: a slice of Node's buffer pool
 * would pin its whole slab for as long as a slow client holds it.
 *
 * @param payload valid UTF-8
 */
export function textFrame(payload: Buffer): Buffer {
  const length = payload.byteLength;
  const headerBytes = length < LENGTH_IN_16_BITS ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafeSlow(headerBytes + length);
  frame[0] = FINAL_TEXT;
  if (headerBytes === 2) {
    frame[1] = length;
  } else if (headerBytes === 4) {
    frame[1] = LENGTH_IN_16_BITS;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_IN_64_BITS;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  payload.copy(frame, headerBytes);
  return frame;
}

/** Remembers the last frame: a broadcast hands the same payload to one connection after the other. */
export class LastTextFrame {
  #payload: Buffer | null = null;
  #frame: Buffer = Buffer.alloc(0);

  /** @param payload never changed after the first call with it */
  of(payload: Buffer): Buffer {
    if (payload !== this.#payload) {
      this.#payload = payload;
      this.#frame = textFrame(payload);
    }
    return this.#frame;
  }
}
