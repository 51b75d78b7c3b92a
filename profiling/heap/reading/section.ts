/** A JSON value of a heap snapshot that is read while it arrives. */

/** One value of the outermost object. It may end in the middle of a chunk, and a chunk in the middle of it. */
export interface Section {
  /**
   * Reads on from `at`, up to the end of the value or of the chunk.
   *
   * @returns where it stopped
   * @throws TouchlineError `TL_SNAPSHOT_INVALID`
   */
  read(chunk: Uint8Array, at: number): number;
  /** Whether the value has ended. */
  readonly isDone: boolean;
}

/** The bytes that JSON is made of. */
export const BYTE = {
  quote: 0x22,
  comma: 0x2c,
  minus: 0x2d,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  bracketOpen: 0x5b,
  backslash: 0x5c,
  bracketClose: 0x5d,
  braceOpen: 0x7b,
  braceClose: 0x7d,
} as const;

/** Space, tab, line feed and carriage return. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
