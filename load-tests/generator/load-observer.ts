/** How a caller follows a load run, and where it may hold it to look at the server. */

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

/** A running total about twice a second, over all workers. */
export interface LoadProgress {
  readonly phase: LoadPhase;
  readonly elapsedMs: number;
  /** Of the whole tier; an estimate while connecting. */
  readonly remainingMs: number;
  readonly connected: number;
  readonly connectionsWanted: number;
  readonly deliveriesPerSecond: number;
  /** Of the measured window so far; null before it. */
  readonly p99Ms: number | null;
  readonly lost: number;
}

export interface LoadObserver {
  /** Called as a phase begins; the load waits for it, except in `measure`, which starts on time. */
  phase(phase: LoadPhase): Promise<void> | void;
  progress(progress: LoadProgress): void;
}
