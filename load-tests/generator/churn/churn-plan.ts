/** What a churn run is asked to do: clients that come and go at a rate, then a storm of reconnects. */

import type { WorkerMoment } from '../load-observer.ts';
import type { ClientKind, LoadTarget } from '../load-plan.ts';

/** How a client of the churn ends its connection. */
export type ClientEnd = 'clean' | 'reset' | 'half-open';

/** Carried out by `LoadCoordinator.churn`. While it lasts, commentary is published at a fixed rate. */
export interface ChurnPlan {
  /** 1–16 characters `[a-z0-9]`; marks this run's messages in their ledger entries. */
  readonly runId: string;
  readonly seed: number;
  readonly target: LoadTarget;
  readonly workload: 'matches';
  /** The room all clients join. */
  readonly matchId: number;
  readonly client: ClientKind;
  /** Open model: intended connect times come from the pacer, whatever the server does. */
  readonly connectsPerSecond: number;
  readonly churnMs: number;
  /** How long a client stays after its welcome, drawn evenly between the two. */
  readonly stayMs: { readonly min: number; readonly max: number };
  /**
   * Share of clients that end abruptly (0–1), rounded to whole clients: one half of them by a TCP reset, the other
   * by falling silent (a reset more when they are odd).
   */
  readonly abruptRatio: number;
  /** How long a silent client waits for the server to end its connection. */
  readonly silentTimeoutMs: number;
  /** Clients that lose their connection at once and all come back at once; 0 leaves the storm out. */
  readonly stormClients: number;
  /** How long the storm's clients stay away, so that they miss something. */
  readonly stormAwayMs: number;
  readonly broadcastsPerSecond: number;
  /** Characters of a commentary text, ledger entry included. */
  readonly textLength: number;
  /** For a handshake up to its welcome, and for a subscribe. */
  readonly connectTimeoutMs: number;
  /** Handshakes one worker keeps open at a time while the storm's clients gather. */
  readonly connectsInFlight: number;
  /** For an unsubscribe, and for a closing handshake. */
  readonly drainTimeoutMs: number;
}

/**
 * The phases of a churn run, in order. `churn`: clients come and go. `silence`: the last one that ends by itself is
 * gone, and silent clients wait to be found. `settled`: every client of the churn is gone (the moment to look at what
 * the server kept). `gather`: the storm's clients connect and join. `storm`: all are cut and come back. `drain`: they
 * leave the room, so that every message is accounted for. `close`.
 */
export const CHURN_PHASES = ['churn', 'silence', 'settled', 'gather', 'storm', 'drain', 'close'] as const;
export type ChurnPhase = (typeof CHURN_PHASES)[number];

/** A running total about twice a second, over all workers. */
export interface ChurnProgress {
  readonly phase: ChurnPhase;
  readonly elapsedMs: number;
  /** An upper estimate: how soon silent clients are found is the server's affair. */
  readonly remainingMs: number;
  readonly open: number;
  /** Connections that came up, and those that did not, so far. */
  readonly connected: number;
  readonly failed: number;
  /** Messages of this run that came so far. */
  readonly received: number;
  /** Messages missing now, by the numbers of those that came after them. */
  readonly gaps: number;
  /** Of the generator's processes, as far as they have told. */
  readonly workers: readonly WorkerMoment[];
}

export interface ChurnObserver {
  /** Called as a phase begins; the run waits for it, except in `churn` and `storm`, which start on time. */
  phase(phase: ChurnPhase): Promise<void> | void;
  progress(progress: ChurnProgress): void;
}
