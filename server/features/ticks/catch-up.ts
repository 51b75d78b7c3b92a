/** What a reader gets when it has caught up: the latest tick of each symbol that changed, then what that cost it. */

import type { Frames } from '../../hub/frames/frame-batch.ts';
import { serverFrame } from '../../hub/frames/server-frame.ts';
import type { ConflatedMessage, TickFormat } from '../../protocol/tick-messages.ts';
import type { Tick } from './tick.ts';
import { tickFrame } from './tick-encoding.ts';

export interface CatchUp {
  readonly latest: readonly Tick[];
  readonly format: TickFormat;
  readonly decimals: number;
  readonly cost: Omit<ConflatedMessage, 'type'>;
}

/** Whole frames in a buffer of their own: the ticks, and behind them the text message, whatever the format. */
export function catchUpFrames({ latest, format, decimals, cost }: CatchUp): Frames {
  const message: ConflatedMessage = { type: 'conflated', ...cost };
  const text = Buffer.from(JSON.stringify(message));
  const ticks = latest.map((tick) => tickFrame(tick, format, decimals));
  const bytes = Buffer.concat([...ticks, serverFrame(text)]);
  const headers = serverFrame(text).byteLength - text.byteLength;
  return { bytes, count: ticks.length + 1, payloadBytes: bytes.byteLength - headers * (ticks.length + 1) };
}
