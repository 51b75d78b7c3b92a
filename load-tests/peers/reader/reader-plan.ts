/** What the reader process is asked, and what it tells. */

import type { PeerFormat } from '../contract/peer-plan.ts';

/** How the messages of a connection are read. */
export interface TickShape {
  readonly format: PeerFormat;
  readonly framing: 'websocket' | 'socket.io';
  /** False: binary ticks without a sequence number, whose time must rise. */
  readonly hasSequence: boolean;
  /** Sequence numbers begin at 1 again after this one (a multiple of ten); 0 is never. */
  readonly wrapsAt: number;
  /** One message of so many is timed; 0 is none. */
  readonly sampledEvery: number;
}

/** When the reader has read enough. */
export type ReaderEnd =
  /** A window of time, after all are connected. */
  | { readonly kind: 'window'; readonly warmUpMs: number; readonly measureMs: number }
  /** So many messages on each connection; then each is closed with a handshake, and whatever else comes counts. */
  | { readonly kind: 'count'; readonly messages: number };

export interface ReaderPlan {
  readonly port: number;
  readonly path: string;
  readonly readers: number;
  readonly shape: TickShape;
  readonly end: ReaderEnd;
  /** Whether a window, too, ends with closing handshakes, after which all that was sent is there. */
  readonly closesCleanly: boolean;
}

/** What was wrong with messages, over the whole life of the connections. */
export interface TickFaults {
  /** Sequence numbers that never came. */
  readonly missing: number;
  /** Messages whose sequence number or time did not rise. */
  readonly repeated: number;
  /** Frames that are no message of the shape. */
  readonly corrupt: number;
  /** Messages that the server said it left out for a slow reader; they are among the missing. */
  readonly skipped: number;
}

export interface ReaderResult {
  readonly type: 'result';
  readonly connections: number;
  /** Messages in the window; of a count, all. */
  readonly messages: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Fewest and most messages of one connection, over its whole life. */
  readonly fewest: number;
  readonly most: number;
  readonly faults: TickFaults;
  /** HDR histogram of the sampled latencies of the window, in µs; see LatencyHistogram. */
  readonly latency: string;
  /** Samples that were stamped later than they were read. */
  readonly negative: number;
  /** CPU of this process in the window. */
  readonly cpuCores: number;
}

export type ReaderEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'measuring' }
  | { readonly type: 'measured' }
  | ReaderResult
  | { readonly type: 'failed'; readonly reason: string };
