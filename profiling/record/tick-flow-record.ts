/** How many ticks passed each of the server's counters: made, offered, buffered, flushed, acknowledged. */

import { type Static, Type } from 'typebox';

const NullableNumber = Type.Union([Type.Number(), Type.Null()]);

/** Counts between two readings of the server; null where it shows none. */
export const TickCountsSchema = Type.Object({
  /** Between the two readings, by the server's own clock where it shows one. */
  seconds: NullableNumber,
  /** Ticks of the feed. */
  made: NullableNumber,
  /** Over all readers: ticks made while each was connected. */
  offered: NullableNumber,
  /** Given to sockets. */
  buffered: NullableNumber,
  /** Taken by the kernel. */
  flushed: NullableNumber,
  /** As the readers acknowledged: delivered. */
  acknowledged: NullableNumber,
  /** Left out for readers that were too slow. */
  skipped: NullableNumber,
  /** Socket writes of ticks, the frames in them, and all bytes that left. */
  writes: NullableNumber,
  frames: NullableNumber,
  wireBytes: NullableNumber,
});

/** Rates since the reading before. */
export const TickSampleSchema = Type.Object({
  /** Since the measured window began. */
  elapsedMs: Type.Number(),
  offeredPerSecond: NullableNumber,
  bufferedPerSecond: NullableNumber,
  flushedPerSecond: NullableNumber,
  deliveredPerSecond: NullableNumber,
  /** How much buffered has grown beyond acknowledged since the window began, over all readers. */
  backlog: NullableNumber,
});

export type TickCounts = Static<typeof TickCountsSchema>;
export type TickSample = Static<typeof TickSampleSchema>;
