/** What `/ticks` and the HTTP API beside it speak, as types. Field names are the wire's. */

import type { FanOutMode } from './fan-out-modes.ts';
import type { ClientMessage, ClientStats, ErrorMessage, ServerClock } from './messages.ts';

export const TICK_FORMATS = ['json', 'binary'] as const;
export type TickFormat = (typeof TICK_FORMATS)[number];

/** `cached-1ms` gives one serialised tick again and again for a millisecond. */
export const TICK_SOURCES = ['unique', 'cached-1ms'] as const;
export type TickSourceName = (typeof TICK_SOURCES)[number];

/** Ticks a second, at most, whatever the settings say. */
export const MAX_TICK_RATE_LIMIT = 20_000_000;
/** Most ticks of one turn, which are written together: about 300 KB of JSON, which stays in the processor's cache. */
export const MAX_TICKS_A_TURN = 4_096;
/** Unsent bytes beyond which a reader is conflated, unless the server is told otherwise. */
export const DEFAULT_TICK_READER_BYTES = 8_388_608;
/** Bytes of a binary tick: u32 symbol, f64 price, i64 epoch ns, all little-endian. */
export const BINARY_TICK_BYTES = 20;

/** One tick as JSON, in this order of keys and without spaces. */
export interface TickMessage {
  readonly symbol: string;
  readonly price: number;
  /** Epoch ms with the decimals that uniqueness needs: when the tick was due. */
  readonly ts: number;
  /** The feed's own number, one more with each tick. */
  readonly seq: number;
}

/** First message on a connection. */
export interface TickHelloMessage {
  readonly type: 'hello';
  readonly symbols: readonly string[];
  /** Both clocks at one moment: the hrtime of a tick is `hrtimeNs + (ts − epochNs)`. */
  readonly clock: ServerClock;
  readonly format: TickFormat;
  readonly connectionId: string;
  readonly epoch: string;
  /** The last tick that was made before this connection joined; it is owed all from the next on. */
  readonly seq: number;
}

/** After a gap: what it was given again is the latest tick of each symbol that changed. */
export interface ConflatedMessage {
  readonly type: 'conflated';
  /** Ticks of this gap that are never given. */
  readonly skipped: number;
  /** Ticks made for this connection so far: at this point received + all skipped. */
  readonly upToCount: number;
}

/** Server → client, beside the ticks. */
export type TickControlMessage =
  | TickHelloMessage
  | ConflatedMessage
  | ErrorMessage
  | { readonly type: 'pong' };

/** Client → server. */
export type TickClientMessage =
  | { readonly type: 'ack'; readonly received: number }
  | Extract<ClientMessage, { readonly type: 'identify' | 'stats' | 'ping' }>;

export const TICK_CLIENT_MESSAGE_TYPES = ['ack', 'ping', 'identify', 'stats'] as const;
export type TickClientMessageType = (typeof TICK_CLIENT_MESSAGE_TYPES)[number];

/** `GET /config` answers all of it, `POST /config` takes any part of it. */
export interface TickConfigValues {
  /** Ticks a second. */
  readonly rate: number;
  /** Whether the rate grows by `rampPercent` every `rampIntervalSec`, for as long as somebody reads. */
  readonly rampEnabled: boolean;
  readonly rampPercent: number;
  readonly rampIntervalSec: number;
  /** Of connections that name none. */
  readonly format: TickFormat;
  readonly source: TickSourceName;
  /** Of the whole server, rooms included. */
  readonly fanOut: FanOutMode;
}

/** What a client told of itself last, as `GET /stats` shows it. */
export interface TickClientStats extends ClientStats {
  /** Epoch ms. */
  readonly lastUpdate: number;
}

/** Ticks counted since the server started, over all readers that ever were. */
export interface TickTotals {
  readonly made: number;
  /** For each reader, the ticks that were made while it was connected. */
  readonly offered: number;
  /** Given to sockets. */
  readonly buffered: number;
  /** Taken by the kernel. */
  readonly flushed: number;
  readonly acknowledged: number;
  /** Never given, because the reader was too slow or left first. */
  readonly skipped: number;
  /** Due and never made: what the machine fell short of the target rate. */
  readonly shortfall: number;
  /** Readers now. */
  readonly readers: number;
  /** Readers now that have acknowledged anything. */
  readonly acknowledgingReaders: number;
}

/**
 * `GET /stats`. Rates are a second's, over the last second, and over all readers but `serverRate`; `deliveredRate` is over
 * the last one to two seconds, between acknowledgements.
 */
export interface TickStatsAnswer {
  readonly targetRate: number;
  readonly serverRate: number;
  readonly bufferedRate: number;
  readonly flushedRate: number;
  readonly deliveredRate: number;
  readonly totals: TickTotals;
  readonly clients: Readonly<Record<string, TickClientStats>>;
}
