/** What the writers of the formats have in common: a batch of ticks in, ready frames out. */

import type { Frames } from '../../hub/frames/frame-batch.ts';
import { headerBytes } from '../../hub/frames/server-frame.ts';
import { BINARY_TICK_BYTES } from '../../protocol/tick-messages.ts';
import type { TickBatch } from './tick.ts';
import type { TurnBuffer } from './turn-buffers.ts';

/** The frames of one turn side by side, one for each tick. */
export interface WrittenTurn extends Frames {
  /** What they are in, held by whoever asked for the turn; null when nothing will write over them. */
  readonly held: TurnBuffer | null;
}

export interface TickWriter {
  write(batch: TickBatch): WrittenTurn;
}

/** Every tick is short, so its frame's header is; its second byte is the length of the payload. */
export const TICK_HEADER_BYTES = headerBytes(BINARY_TICK_BYTES);

/** Each frame for itself, as views. */
export function splitFrames({ bytes, count }: Frames): readonly Frames[] {
  const parts: Frames[] = [];
  let at = 0;
  for (let frame = 0; frame < count; frame += 1) {
    const payloadBytes = bytes[at + 1] ?? 0;
    const end = at + TICK_HEADER_BYTES + payloadBytes;
    parts.push({ bytes: bytes.subarray(at, end), count: 1, payloadBytes });
    at = end;
  }
  return parts;
}
