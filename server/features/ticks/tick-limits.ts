/** How far a reader may fall behind before the latest prices stand for the queue. */

import type { ConnectionLimits } from '../../hub/connection.ts';
import type { FanOutMode } from '../../protocol/fan-out-modes.ts';
import { MAX_TICKS_A_TURN } from '../../protocol/tick-messages.ts';
import type { ReaderLimits } from './tick-reader.ts';

export interface TickLimitSettings {
  /** Unsent bytes of one reader. */
  readonly maxReaderBytes: number;
  /** Unsent bytes of all readers together; each has an equal part of it. */
  readonly maxTotalBytes: number;
  /** Unsent bytes of one reader in the mode `naive`, which has no conflation; beyond it the reader is closed. */
  readonly maxNaiveBytes: number;
  /** How long bytes may be unsent. */
  readonly maxAgeMs: number;
  /** How long the kernel may take nothing of what is unsent before the reader is closed. */
  readonly closeAgeMs: number;
  /** Of messages from one connection. */
  readonly messagesPerSecond: number;
}

/** Whoever acknowledges does it at least once a second. */
const MAX_UNACKNOWLEDGED_AGE_MS = 3_000;
/** Less than this says nothing of a reader: one turn may be as long. */
const LEAST_READER_BYTES = 65_536;
/** No frame of a tick is longer. */
const MAX_FRAME_BYTES = 128;

/** Limits for each of so many readers. */
export function readerLimits(settings: TickLimitSettings, readers: number): ReaderLimits {
  const part = Math.floor(settings.maxTotalBytes / Math.max(1, readers));
  return {
    maxUnsentBytes: Math.max(LEAST_READER_BYTES, Math.min(settings.maxReaderBytes, part)),
    maxUnsentAgeMs: settings.maxAgeMs,
    maxUnacknowledgedAgeMs: MAX_UNACKNOWLEDGED_AGE_MS,
    maxStuckMs: settings.closeAgeMs,
  };
}

/**
 * When the hub closes a connection of the feed as a slow consumer: for its bytes alone, since the feed looks after their
 * age. Conflation keeps the bytes below this; in the mode `naive`, which is there to show what piles up, nothing does.
 */
export function closingLimits(settings: TickLimitSettings, mode: () => FanOutMode): ConnectionLimits {
  const turnBytes = MAX_TICKS_A_TURN * MAX_FRAME_BYTES;
  return {
    messagesPerSecond: settings.messagesPerSecond,
    maxBufferedAgeMs: Number.POSITIVE_INFINITY,
    get maxBufferedBytes() {
      return mode() === 'naive' ? settings.maxNaiveBytes : settings.maxReaderBytes + 2 * turnBytes;
    },
  };
}
