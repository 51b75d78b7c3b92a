/**
 * What `bench:generators` and its broadcast server say to each other, over the channel of `fork`.
 *
 *     bench → server   ServerCommand
 *     server → bench   ServerEvent: one answer to each command
 */

/** What the server does wrong on purpose, exactly and counted. */
export type BenchFault =
  | { readonly kind: 'none' }
  /** Everything is written this much later than it is sent. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** In the middle of the stream nothing is sent for so long; what was due then is sent at once. */
  | { readonly kind: 'stall'; readonly ms: number }
  /** Each n-th delivery is left out. */
  | { readonly kind: 'drop'; readonly everyNth: number };

/** Broadcasts to all members, on a schedule that nothing moves (open model). */
export interface StreamCommand {
  readonly type: 'stream';
  /** Stands in the ledger entries. */
  readonly runId: string;
  readonly broadcasts: number;
  readonly broadcastsPerSecond: number;
  /** What is due is written this often, to each member in one write. */
  readonly turnMs: number;
  readonly fault: BenchFault;
}

export type ServerCommand =
  | StreamCommand
  /** Answered once so many are members, or the time is over. */
  | { readonly type: 'await-members'; readonly count: number; readonly timeoutMs: number }
  /** Sends a mark behind everything, which members answer: then they have read and checked all before it. */
  | { readonly type: 'mark'; readonly timeoutMs: number }
  /** Tells members that nothing more comes. */
  | { readonly type: 'end' };

/** Milliseconds; null with too few samples. */
export interface Quantiles {
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** What the server knows of a stream, whatever anybody received. */
export interface StreamTruth {
  readonly broadcasts: number;
  /** Copies that were written. */
  readonly deliveries: number;
  readonly dropped: number;
  /** From the intended time of a broadcast to the write of its copy. */
  readonly fromIntended: Quantiles;
  /** From the time that it says it was sent to the write of its copy. */
  readonly fromSent: Quantiles;
}

export type ServerEvent =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'streamed'; readonly truth: StreamTruth }
  | { readonly type: 'members'; readonly count: number }
  | { readonly type: 'marked'; readonly answered: number }
  | { readonly type: 'ended' };

export type ServerEventOf<T extends ServerEvent['type']> = Extract<ServerEvent, { readonly type: T }>;
