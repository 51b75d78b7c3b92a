/**
 * What parent and workers say to each other, over the IPC channel of `fork`.
 *
 *     parent → worker   WorkerCommand
 *     worker → parent   WorkerEvent
 *
 * A tier goes: prepare → prepared · connect → connected · join → joined · ping → pinged · load → (publisher)
 * published · leave-early → left-early · leave → left · report → reported · close → closed; a plan may want no
 * ping and no leave-early. `halt` may come at any time and ends what is under way soon. `ready`, `progress` and
 * `failed` come unasked. The publisher takes prepare, load, halt and report.
 */

import type { FanOutReport } from './latency/fan-out-book.ts';
import type { LatencyReport, LoadWindow } from './latency/latency-book.ts';
import type { PackedCounts } from './latency/latency-histogram.ts';
import type { LedgerBooks } from './ledger/delivery-ledger.ts';
import type { Broadcast, Sighting, UnconfirmedPublish } from './ledger/known-broadcasts.ts';
import type { LoadPlan } from './load-plan.ts';
import type { FailureCount } from './load-result.ts';
import type { MomentUsage, ProcessUsage } from './worker/worker-usage.ts';

/** What a process is there for; given to it as its first argument. */
export const WORKER_ROLES = ['subscribers', 'publisher'] as const;
export type WorkerRole = (typeof WORKER_ROLES)[number];

/** Parent → worker. */
export type WorkerCommand =
  | {
      readonly type: 'prepare';
      readonly plan: LoadPlan;
      /** This worker's share of the connections; 0 for the publisher. */
      readonly clients: number;
      /** How many of these, the last ones, stop reading when the measured window begins. */
      readonly slowReaders: number;
      /** Stands in the ledger entries: a number of its own for each tier, so that tiers can't mix. */
      readonly publisher: number;
      /** Bound in turn; none when the target is not on loopback. */
      readonly sourceAddresses: readonly string[];
    }
  | { readonly type: 'connect' }
  | { readonly type: 'join'; readonly timeoutMs: number }
  | { readonly type: 'ping'; readonly perClient: number; readonly timeoutMs: number }
  | { readonly type: 'load'; readonly window: LoadWindow }
  /** Say how things stand now, not in half a second. */
  | { readonly type: 'progress' }
  /**
   * Stop connecting, joining and sending; give what is under way at most `graceMs`. `isOver`: by plan, so that
   * what has no answer then has timed out, and was not interrupted.
   */
  | { readonly type: 'halt'; readonly graceMs: number; readonly isOver?: boolean }
  /** The first `clients` members leave the room, and stay open. */
  | { readonly type: 'leave-early'; readonly clients: number; readonly timeoutMs: number }
  | { readonly type: 'leave'; readonly timeoutMs: number }
  | { readonly type: 'report'; readonly unconfirmedSeqs: readonly number[] }
  | { readonly type: 'close'; readonly timeoutMs: number };

export interface ConnectReport {
  readonly attempted: number;
  readonly connected: number;
  /** µs of the monotonic clock; 0 when nothing was attempted. */
  readonly startedUs: number;
  readonly finishedUs: number;
  readonly latency: string;
  readonly failures: readonly FailureCount[];
}

export interface JoinReport {
  readonly acknowledged: number;
  /** Those among them that will be slow readers. */
  readonly slowReaders: number;
  readonly failures: readonly FailureCount[];
}

export interface PublishReport {
  readonly intended: number;
  readonly sent: number;
  readonly acceptedCount: number;
  readonly failures: readonly FailureCount[];
  readonly scheduleLag: string;
  readonly latency: string;
  /** Accepted ones with an intended time inside the measured window; of a closed load, answered inside it. */
  readonly acceptedInWindow: number;
  /** Empty of a closed load, as are the unconfirmed ones: the room's offsets tell what was broadcast. */
  readonly accepted: readonly Broadcast[];
  readonly unconfirmed: readonly UnconfirmedPublish[];
}

/** The measured window of one process. */
export interface WindowReport {
  readonly usage: ProcessUsage;
  readonly deliveries: number;
  /** Messages handed over by sockets, counted once a read: deliveries ÷ reads is how much came coalesced. */
  readonly reads: number;
}

/** Worker → parent. */
export type WorkerEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'prepared' }
  | { readonly type: 'connected'; readonly report: ConnectReport }
  | { readonly type: 'joined'; readonly report: JoinReport }
  /** What went wrong instead of a pong. */
  | { readonly type: 'pinged'; readonly failures: readonly FailureCount[] }
  | { readonly type: 'published'; readonly report: PublishReport }
  | { readonly type: 'left-early'; readonly acknowledged: number }
  | { readonly type: 'left' }
  | {
      readonly type: 'reported';
      /** Null when the load ended before the window began. */
      readonly window: WindowReport | null;
      /** Null from the publisher. */
      readonly subscribers: SubscriberReport | null;
    }
  | { readonly type: 'closed' }
  | {
      readonly type: 'progress';
      readonly connected: number;
      /** Those among them that do not read, and whose end would go unseen. */
      readonly paused: number;
      readonly received: number;
      readonly gaps: number;
      /** Response times of the window so far, two digits; null before it. */
      readonly latency: PackedCounts | null;
      /** Of a churn run only. */
      readonly churn?: ChurnTotals;
      /** With the regular reports only, over the time since the one before. */
      readonly usage?: MomentUsage;
    }
  /** A defect of the worker: it ends right after. */
  | { readonly type: 'failed'; readonly message: string };

export interface SubscriberReport {
  /** Without the slow readers. */
  readonly books: LedgerBooks;
  /** Null before the load, and of a closed one. */
  readonly latency: LatencyReport | null;
  /** Deliveries by second of a closed load; null of an open one. */
  readonly counts: readonly number[] | null;
  /** Null where the plan does not want it. */
  readonly fanOut: FanOutReport | null;
  readonly sightings: readonly Sighting[];
  readonly disconnects: readonly FailureCount[];
  readonly slowReaders: SlowReadersReport;
}

/** The slow readers of one worker. */
export interface SlowReadersReport {
  /** How many stopped reading. */
  readonly count: number;
  /** What they received until then; their ends are not in it. */
  readonly books: LedgerBooks;
  /** Ends that were seen while they did not read. */
  readonly ended: readonly FailureCount[];
}

/** A worker's running totals of a churn run. */
export interface ChurnTotals {
  readonly connected: number;
  readonly failed: number;
  /** Attempts that failed since the last one that came up. */
  readonly failedInARow: number;
}

export type WorkerEventType = WorkerEvent['type'];
/** The event of one type. */
export type WorkerEventOf<T extends WorkerEventType> = Extract<WorkerEvent, { readonly type: T }>;
