/** The frames of the calibration sink: unmasked as a server's are, and the little it must read of a client's. */

/** A whole unmasked text frame of at most 65,535 bytes. */
export function serverTextFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const header = payload.length < 126 ? 2 : 4;
  const frame = Buffer.allocUnsafe(header + payload.length);
  frame[0] = 0x81;
  if (header === 2) {
    frame[1] = payload.length;
  } else {
    frame[1] = 126;
    frame.writeUInt16BE(payload.length, 2);
  }
  payload.copy(frame, header);
  return frame;
}

/** A commentary, as the reference server writes it. */
export function commentaryText(matchId: number, offset: number, text: string): string {
  const data = { id: offset, minute: 1, text, createdAt: Date.now(), publishedAtNs: '0' };
  return JSON.stringify({ type: 'commentary', matchId, offset, data });
}

/** What answers a client's close frame. */
export const CLOSE_FRAME = Buffer.from([0x88, 0x02, 0x03, 0xe8]);

/** One frame from a client. */
export interface ClientFrame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** Bytes of the whole frame. */
  readonly bytes: number;
}

/**
 * Reads the masked frame at the start of `bytes`: the generator's own, whole and shorter than 126 bytes.
 *
 * @returns null while it is not whole
 */
export function readClientFrame(bytes: Buffer): ClientFrame | null {
  const length = (bytes[1] ?? 0) & 0x7f;
  if (bytes.length < 6 + length) return null;
  const payload = Buffer.allocUnsafe(length);
  for (let index = 0; index < length; index += 1) {
    payload[index] = (bytes[6 + index] ?? 0) ^ (bytes[2 + (index & 3)] ?? 0);
  }
  return { opcode: (bytes[0] ?? 0) & 0x0f, payload, bytes: 6 + length };
}
