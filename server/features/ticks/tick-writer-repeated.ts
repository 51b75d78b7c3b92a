/** Writes a turn of the source `cached-1ms`: one serialised tick, again and again. */

import type { TickFormat } from '../../protocol/tick-messages.ts';
import type { TickBatch } from './tick.ts';
import { tickFrame } from './tick-encoding.ts';
import type { TickWriter, WrittenTurn } from './tick-writer.ts';

export class RepeatedTickWriter implements TickWriter {
  readonly #format: TickFormat;

  constructor(format: TickFormat) {
    this.#format = format;
  }

  write({ count, repeats, decimals }: TickBatch): WrittenTurn {
    const written = (repeats ?? []).map(({ tick, count }) => ({
      frame: tickFrame(tick, this.#format, decimals),
      count,
    }));
    const bytes = written.reduce((sum, part) => sum + part.frame.byteLength * part.count, 0);
    const frames = Buffer.allocUnsafeSlow(bytes);
    let at = 0;
    for (const part of written) {
      const end = at + part.frame.byteLength * part.count;
      frames.fill(part.frame, at, end);
      at = end;
    }
    return { frames, count, held: null };
  }
}
