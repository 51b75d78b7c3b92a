/**
 * What parent and workers say to each other in a tick load, over the same channel as {@link WorkerCommand}.
 *
 * It goes: ticks-prepare → ticks-prepared · ticks-connect → ticks-connected · ticks-load · ticks-finish →
 * ticks-finished (the window is over; everyone reads on) · ticks-close → ticks-closed. `ticks-halt` may come at any
 * time and ends what is under way soon.
 */

import type { LoadWindow } from '../latency/latency-book.ts';
import type { FailureCount } from '../load-result.ts';
import type { ConnectReport, WindowReport } from '../worker-messages.ts';
import type { TickBooks } from './reading/tick-ledger.ts';
import type { FullTickPlan } from './tick-plan.ts';
import type { TickBrowser } from './tick-result.ts';

/** Which part of the load is this worker's. */
export interface TickShare {
  /** The number, within the run, of its first reader. */
  readonly firstReader: number;
  readonly readers: number;
  /** Of these, the last ones. */
  readonly slowReaders: number;
  /** Bound in turn; none when the target is not on loopback. */
  readonly sourceAddresses: readonly string[];
}

/** Parent → worker. */
export type TickCommand =
  | { readonly type: 'ticks-prepare'; readonly plan: FullTickPlan; readonly share: TickShare }
  | { readonly type: 'ticks-connect' }
  | { readonly type: 'ticks-load'; readonly window: LoadWindow }
  | { readonly type: 'ticks-finish' }
  | { readonly type: 'ticks-close'; readonly timeoutMs: number }
  | { readonly type: 'ticks-halt'; readonly graceMs: number };

/** What came in the measured window. */
export interface TickMeterReport {
  readonly received: number;
  readonly skipped: number;
  readonly bytes: number;
  readonly firstHalf: string;
  readonly secondHalf: string;
  readonly negative: number;
  /** From the window's start on; their histograms have two digits. */
  readonly seconds: readonly { readonly received: number; readonly latency: string }[];
}

/** The slow readers of one worker. */
export interface SlowTickReport {
  /** How many stopped reading. */
  readonly count: number;
  /** What those that connected received until then, whether they came to stop or not. */
  readonly books: readonly TickBooks[];
  /** Ends that were seen while they did not read. */
  readonly ended: readonly FailureCount[];
}

/** What one worker has to tell after everything was closed. */
export interface TickReport {
  /** Of each reader that connected, slow ones left out. */
  readonly books: readonly TickBooks[];
  /** Readers among them whose closing handshake was not answered. */
  readonly undetermined: number;
  /** The sum of what they acknowledged last. */
  readonly acknowledged: number;
  readonly meter: TickMeterReport;
  /** Null when the load ended before the window began. */
  readonly window: WindowReport | null;
  /** Connections that ended though nobody closed them. */
  readonly disconnects: readonly FailureCount[];
  readonly slowReaders: SlowTickReport;
  /** How far a latency may be off by the clocks, µs. */
  readonly clockErrorUs: number;
  /** Null of readers without one. */
  readonly browser: TickBrowser | null;
}

/** Worker → parent. */
export type TickEvent =
  | { readonly type: 'ticks-prepared' }
  | { readonly type: 'ticks-connected'; readonly report: ConnectReport }
  | { readonly type: 'ticks-finished' }
  | { readonly type: 'ticks-closed'; readonly report: TickReport };
