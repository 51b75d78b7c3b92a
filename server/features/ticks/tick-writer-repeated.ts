/** Writes a turn of the source `cached-1ms`: one serialised tick, again and again. */

import type { TickFormat } from '../../protocol/tick-messages.ts';
import type { TickBatch } from './tick.ts';
import { tickFrame } from './tick-encoding.ts';
import { TICK_HEADER_BYTES, type TickWriter, type WrittenTurn } from './tick-writer.ts';

export class RepeatedTickWriter implements TickWriter {
  readonly #format: TickFormat;

  constructor(format: TickFormat) {
    this.#format = format;
  }

  write({ count, repeats, decimals }: TickBatch): WrittenTurn {
    const parts = (repeats ?? []).map((repeated) => ({
      frame: tickFrame(repeated.tick, this.#format, decimals),
      times: repeated.count,
    }));
    const byteLength = parts.reduce((sum, { frame, times }) => sum + frame.byteLength * times, 0);
    const bytes = Buffer.allocUnsafeSlow(byteLength);
    let at = 0;
    for (const { frame, times } of parts) {
      const end = at + frame.byteLength * times;
      bytes.fill(frame, at, end);
      at = end;
    }
    return { bytes, count, payloadBytes: byteLength - count * TICK_HEADER_BYTES, held: null };
  }
}
