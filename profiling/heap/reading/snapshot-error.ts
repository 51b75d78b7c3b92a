/** What is said of a file that is no heap snapshot. */

import { TouchlineError } from '../../../server/protocol/touchline-error.ts';

/** @returns `TL_SNAPSHOT_INVALID`: both texts complete the sentence `expected …; received …` */
export function invalidSnapshot(expected: string, received: string, cause?: unknown): TouchlineError {
  return new TouchlineError('TL_SNAPSHOT_INVALID', `expected ${expected}; received ${received}`, { cause });
}

/** A byte as a reader of the message would see it. */
export function nameByte(byte: number): string {
  return byte > 0x20 && byte < 0x7f
    ? `"${String.fromCharCode(byte)}"`
    : `byte 0x${byte.toString(16).padStart(2, '0')}`;
}
