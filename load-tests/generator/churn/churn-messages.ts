/**
 * What parent and workers say to each other in a churn run, over the same channel as {@link WorkerCommand}.
 *
 * The churn goes: churn-prepare → churn-prepared · churn-start → churn-quiet (only silent clients are left) →
 * churn-settled (nobody is) · churn-report → churn-reported. The storm after it: storm-gather → storm-gathered ·
 * storm-cut → storm-away · storm-return → storm-returned · storm-leave → storm-left · storm-report →
 * storm-reported · storm-close → storm-closed. `churn-halt` may come at any time and ends what is under way soon.
 * The publisher takes the commands of a tier.
 */

import type { LedgerBooks } from '../ledger/delivery-ledger.ts';
import type { Sighting } from '../ledger/known-broadcasts.ts';
import type { FailureCount } from '../load-result.ts';
import type { ConnectReport, WindowReport } from '../worker-messages.ts';
import type { ChurnPlan } from './churn-plan.ts';

/** Which part of the load is this worker's. */
export interface ChurnShare {
  /** It takes every `workers`-th client of the churn, from number `worker` on. */
  readonly worker: number;
  readonly workers: number;
  readonly stormClients: number;
  /** These stand in the ledger entries: the churn's messages and the storm's are told apart by them. */
  readonly churnPublisher: number;
  readonly stormPublisher: number;
  /** Bound in turn; none when the target is not on loopback. */
  readonly sourceAddresses: readonly string[];
}

/** Parent → worker. */
export type ChurnCommand =
  | { readonly type: 'churn-prepare'; readonly plan: ChurnPlan; readonly share: ChurnShare }
  /** µs of the shared clock: the first intended connect. */
  | { readonly type: 'churn-start'; readonly startUs: number }
  | { readonly type: 'churn-report'; readonly unconfirmedSeqs: readonly number[] }
  | { readonly type: 'churn-halt'; readonly graceMs: number }
  | { readonly type: 'storm-gather' }
  | { readonly type: 'storm-cut' }
  /** All come back at this time (µs of the shared clock). */
  | { readonly type: 'storm-return'; readonly atUs: number }
  | { readonly type: 'storm-leave'; readonly timeoutMs: number }
  | { readonly type: 'storm-report'; readonly unconfirmedSeqs: readonly number[] }
  | { readonly type: 'storm-close'; readonly timeoutMs: number };

/** What happened in one second of the churn. */
export interface ChurnSecondReport {
  readonly attempted: number;
  readonly accepted: number;
  readonly failed: number;
  /** Connections whose end fell into it. */
  readonly ended: number;
}

export interface ChurnReport {
  readonly connect: ConnectReport;
  readonly scheduleLag: string;
  /** From the start on, without gaps. */
  readonly seconds: readonly ChurnSecondReport[];
  /** Welcomes before the schedule's end. */
  readonly acceptedInTime: number;
  readonly failures: readonly FailureCount[];
  readonly clean: number;
  readonly reset: number;
  readonly unasked: readonly FailureCount[];
  readonly silent: number;
  /** Of these, those that were waiting to be found as the run was ended. */
  readonly cut: number;
  readonly detected: readonly FailureCount[];
  readonly detection: string;
  readonly books: LedgerBooks;
  readonly sightings: readonly Sighting[];
  /** Null when the churn never began. */
  readonly window: WindowReport | null;
}

export interface GatherReport {
  readonly attempted: number;
  readonly members: number;
  readonly failures: readonly FailureCount[];
}

/** What became of the attempts to come back. */
export interface ReturnReport {
  /** Times are µs of the shared clock; 0 when nobody came. */
  readonly firstAttemptUs: number;
  readonly lastAttemptUs: number;
  readonly lastReturnUs: number;
  readonly recovered: number;
  readonly failures: readonly FailureCount[];
  readonly handshake: string;
  readonly resume: string;
  readonly results: readonly FailureCount[];
}

export interface StormReport {
  readonly books: LedgerBooks;
  readonly sightings: readonly Sighting[];
  readonly disconnects: readonly FailureCount[];
  /** One entry for each client that came back: its absence is `(from, to]`, by offset. */
  readonly absentFrom: Float64Array;
  readonly absentTo: Float64Array;
  readonly givenBack: number;
}

/** Worker → parent. */
export type ChurnEvent =
  | { readonly type: 'churn-prepared' }
  | { readonly type: 'churn-quiet' }
  | { readonly type: 'churn-settled' }
  | { readonly type: 'churn-reported'; readonly report: ChurnReport }
  | { readonly type: 'storm-gathered'; readonly report: GatherReport }
  | { readonly type: 'storm-away'; readonly cut: number; readonly atUs: number }
  | { readonly type: 'storm-returned'; readonly report: ReturnReport }
  /** How many of its connections are open still. */
  | { readonly type: 'storm-left'; readonly open: number }
  | { readonly type: 'storm-reported'; readonly report: StormReport }
  | { readonly type: 'storm-closed' };
