/** What a worker and the page in its browser say to each other. Types alone: both sides import them. */

import type { TickBooks } from '../reading/tick-ledger.ts';
import type { TickFormat } from '../tick-plan.ts';

/** How the page shows ticks: each one as it comes, or the latest of each symbol once an animation frame. */
export type PageMode = 'naive' | 'sampled';

export interface PageStart {
  readonly wsUrl: string;
  readonly format: TickFormat;
  readonly mode: PageMode;
  readonly clientId: string;
  readonly timeEvery: number;
  readonly ackEveryMs: number;
  readonly connectTimeoutMs: number;
  /** What to add to the page's clock, in µs, to have the machine's monotonic one. */
  readonly toMonotonicUs: number;
}

/** The measured window, ms of the page's clock. */
export interface PageWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** Counted latencies: [µs, how many]. */
export type LatencyCounts = readonly (readonly [us: number, count: number])[];

export interface PageSecond {
  readonly received: number;
  readonly latency: LatencyCounts;
}

/** How the page stands. */
export interface PageState {
  readonly received: number;
  readonly lost: number;
  /** Why the connection is gone though nobody closed it; null while it is there. */
  readonly ended: string | null;
}

export interface PageReport extends PageState {
  readonly books: TickBooks;
  readonly acknowledged: number;
  /** From here on: in the measured window. */
  readonly measured: { readonly received: number; readonly skipped: number; readonly bytes: number };
  readonly firstHalf: LatencyCounts;
  readonly secondHalf: LatencyCounts;
  readonly negative: number;
  readonly seconds: readonly PageSecond[];
  readonly frames: number;
  readonly rowsWritten: number;
  readonly longestFrameMs: number;
}

/** What the page offers as `globalThis.touchline`. */
export interface PageApi {
  /** Epoch ms. */
  now(): number;
  /** The steps that {@link now} goes in, µs. */
  clockResolutionUs(): number;
  /** Connects; resolves to null when the hello came, else to the reason why not. */
  start(start: PageStart): Promise<string | null>;
  measure(window: PageWindow): void;
  state(): PageState;
  /**
   * Begins to close the connection. From here on the browser shows nothing that comes, so this is what the page
   * received.
   */
  close(): PageReport;
  /** Resolves when the connection is gone, or the time is over. */
  closed(timeoutMs: number): Promise<void>;
}
