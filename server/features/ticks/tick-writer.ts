/** What the writers of the formats have in common: a batch of ticks in, ready frames out. */

import type { TickBatch } from './tick.ts';
import { FRAME_HEADER_BYTES } from './tick-encoding.ts';
import type { TurnBuffer } from './turn-buffers.ts';

/** The frames of one turn in one buffer, one after the other. */
export interface WrittenTurn {
  readonly frames: Buffer;
  readonly count: number;
  /** Held by whoever asked for the turn; null when nothing will write over the frames. */
  readonly held: TurnBuffer | null;
}

export interface TickWriter {
  write(batch: TickBatch): WrittenTurn;
}

/** Each frame for itself; every payload is shorter than 126 bytes, so the second byte is its length. */
export function splitFrames({ frames, count }: WrittenTurn): readonly Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  for (let frame = 0; frame < count; frame += 1) {
    const end = at + FRAME_HEADER_BYTES + (frames[at + 1] ?? 0);
    parts.push(frames.subarray(at, end));
    at = end;
  }
  return parts;
}
