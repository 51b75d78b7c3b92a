/**
 * Builds the frames that a server sends (unmasked, never fragmented); the only place that knows their layout.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */

const FIN = 0x80;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

/** Kinds of messages by their opcode. */
export const OPCODE = { text: 1, binary: 2 } as const;
export type Opcode = (typeof OPCODE)[keyof typeof OPCODE];

/** The most bytes that a header takes. */
export const MAX_HEADER_BYTES = 10;

/** Bytes of the header before a payload of this length. */
export function headerBytes(payloadBytes: number): number {
  if (payloadBytes < LENGTH_IN_16_BITS) return 2;
  return payloadBytes < 65_536 ? 4 : MAX_HEADER_BYTES;
}

/** Bytes of the whole frame around a payload of this length. */
export function frameBytes(payloadBytes: number): number {
  return headerBytes(payloadBytes) + payloadBytes;
}

/** What a header says. */
export interface Header {
  readonly opcode: Opcode;
  readonly payloadBytes: number;
}

/**
 * Writes a header.
 *
 * @returns the place in `target` behind it, where the payload begins
 */
export function writeHeader(target: Buffer, at: number, { opcode, payloadBytes }: Header): number {
  target[at] = FIN | opcode;
  const size = headerBytes(payloadBytes);
  if (size === 2) {
    target[at + 1] = payloadBytes;
  } else if (size === 4) {
    target[at + 1] = LENGTH_IN_16_BITS;
    target.writeUInt16BE(payloadBytes, at + 2);
  } else {
    target[at + 1] = LENGTH_IN_64_BITS;
    target.writeBigUInt64BE(BigInt(payloadBytes), at + 2);
  }
  return at + size;
}

/**
 * The frame around one payload, in a buffer of its own: a slice of Node's buffer pool would pin its whole slab
 * for as long as a slow client holds it.
 *
 * @param payload of a text message valid UTF-8
 */
export function serverFrame(payload: Buffer, opcode: Opcode = OPCODE.text): Buffer {
  const frame = Buffer.allocUnsafeSlow(frameBytes(payload.byteLength));
  payload.copy(frame, writeHeader(frame, 0, { opcode, payloadBytes: payload.byteLength }));
  return frame;
}
