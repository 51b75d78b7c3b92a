/** How a caller follows a load run, and where it may hold it to look at the server. */

import type { MomentUsage } from './worker/worker-usage.ts';
import type { WorkerRole } from './worker-messages.ts';

/**
 * The phases of one tier, in order. `hold`: the load has ended and every connection is still open
 * (the moment to force GC and read memory). `part-left`: those that leave early have been told `unsubscribed`,
 * and everyone is still connected; only where a plan has some.
 */
export const LOAD_PHASES = [
  'connect',
  'subscribe',
  'warm-up',
  'measure',
  'hold',
  'part-left',
  'drain',
  'close',
] as const;
export type LoadPhase = (typeof LOAD_PHASES)[number];

/** Latencies that are recorded still; a `LatencyHistogram` is one. */
export interface LatencyReading {
  readonly count: number;
  /** Null when there is none. */
  readonly meanMs: number | null;
  /** How many are at most each bound, to 1 %. */
  countsUpToUs(boundsUs: readonly number[]): readonly number[];
}

/** A generator process over the last half second. */
export interface WorkerMoment extends MomentUsage {
  readonly worker: number;
  readonly role: WorkerRole;
}

/** A running total about twice a second, over all workers. */
export interface LoadProgress {
  readonly phase: LoadPhase;
  readonly elapsedMs: number;
  /** Of the whole tier; an estimate while connecting. */
  readonly remainingMs: number;
  readonly connected: number;
  readonly connectionsWanted: number;
  /** Messages of this load that came so far. */
  readonly received: number;
  readonly deliveriesPerSecond: number;
  /** Of the measured window so far; null before it. */
  readonly p99Ms: number | null;
  /** Response times of the measured window so far, two digits; empty before it. */
  readonly latency: LatencyReading;
  readonly lost: number;
  /** Of the processes that this load uses, as far as they have told. */
  readonly workers: readonly WorkerMoment[];
}

export interface LoadObserver {
  /** Called as a phase begins; the load waits for it, except in `measure`, which starts on time. */
  phase(phase: LoadPhase): Promise<void> | void;
  progress(progress: LoadProgress): void;
}
