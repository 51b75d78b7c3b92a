/** Everything the verdict and the report of a churn run need, derived from its record; nothing here judges. */

import type { ChurnSecond } from '../../../load-tests/generator/churn/churn-result.ts';
import type { FailureCount } from '../../../load-tests/generator/load-result.ts';
import type { ChurnOutline, ChurnSample } from '../../record/churn-record.ts';
import type { Growth } from '../lifecycle-growth.ts';
import type { AchievedRate, LatencyFigures, TierAnalysis } from '../tier-analysis.ts';

/** One of the two stretches of load, in the shape that totals, findings and validity read for any scenario. */
export interface ChurnPart extends TierAnalysis {
  readonly name: 'churn' | 'storm';
}

/** Clients that came and went. */
export interface Visits {
  readonly attempted: number;
  readonly connected: number;
  /** Asked for, and welcomes while the churn lasted. */
  readonly accepted: AchievedRate;
  /** Attempts made in time, of those that the schedule called for; null when nothing was asked for. */
  readonly attemptedInTimeRatio: number | null;
  readonly handshake: LatencyFigures;
  readonly handshakeCurve: readonly CurvePoint[];
  /** The rig's own lateness: actual − intended start of a connect. */
  readonly scheduleLag: LatencyFigures;
  readonly seconds: readonly ChurnSecond[];
  readonly mostOpen: number;
}

/** How clients ended; each stands in one of these, or never came up. */
export interface Ends {
  readonly notConnected: readonly FailureCount[];
  readonly clean: number;
  readonly reset: number;
  readonly halfOpen: number;
  /** Could not subscribe, unsubscribe or close. */
  readonly failed: readonly FailureCount[];
  /** Ended by the server before they meant to. */
  readonly unasked: readonly FailureCount[];
}

/** How the server found the clients that fell silent. */
export interface HalfOpenFigures {
  readonly silent: number;
  readonly detected: number;
  /** Those that were not found though they waited their whole time. */
  readonly missed: number;
  readonly reasons: readonly FailureCount[];
  /** From a client's silence to the end of its connection. */
  readonly detection: LatencyFigures;
  /** The same in heartbeats; null where the heartbeat is not known or nobody was found. */
  readonly typicalHeartbeats: number | null;
  readonly longestHeartbeats: number | null;
}

export interface StormFigures {
  /** Members before the cut. */
  readonly clients: number;
  readonly awayMs: number;
  readonly openingMs: number;
  /** Members again, with or without what they missed. */
  readonly returned: number;
  /** Back with everything they missed, as the server says; what it did not give is in the ledger as lost. */
  readonly complete: number;
  readonly failures: readonly FailureCount[];
  readonly handshake: LatencyFigures;
  readonly resume: LatencyFigures;
  readonly recoveryMs: number;
  readonly results: readonly FailureCount[];
  readonly missed: number;
  readonly givenBack: number;
  /** From an attempt to its welcome. */
  readonly handshakeCurve: readonly CurvePoint[];
  /** From an attempt to being a member again. */
  readonly returnCurve: readonly CurvePoint[];
}

/** By {@link ms}, this share of all was through. */
export interface CurvePoint {
  /** 0–1. */
  readonly ratio: number;
  readonly ms: number;
}

/** What the server kept at one moment, compared with the baseline. */
export interface Kept {
  readonly after: 'churn' | 'storm';
  /** Connections that had come and gone by then. */
  readonly connections: number;
  readonly growth: readonly Growth[];
  readonly countsClasses: boolean;
}

/** File descriptors, without those of sockets whose other end is open, too. */
export interface FdFigures {
  readonly baseline: number;
  readonly peak: number | null;
  readonly settled: number | null;
  readonly end: number | null;
  /** Whether the sockets that others hold could be taken off; if not, these are all descriptors. */
  readonly isExact: boolean;
}

export interface TimeWaitFigures {
  /** The reading with the most. */
  readonly peak: { readonly elapsedMs: number; readonly server: number; readonly client: number };
  /** Those that were there before, from the warm-up and from others. */
  readonly baseline: { readonly server: number; readonly client: number };
  /** Ports that one client address has to one port of the server; null where it is not known. */
  readonly portsPerAddress: number | null;
}

/** How long the target held connections that had ended. */
export interface ReleaseFigures {
  /** The longest that was seen, ms. */
  readonly longestMs: number;
  readonly after: 'churn' | 'storm';
  /** Connections that it never released while it was watched. */
  readonly stillHeld: number;
  /** Whether {@link longestMs} is only what is known for certain, so that it may have been longer. */
  readonly isLowerBound: boolean;
}

export interface ChurnAnalysis {
  readonly outline: ChurnOutline | null;
  readonly heartbeatMs: number | null;
  /** Churn, then storm; those that took place. */
  readonly parts: readonly ChurnPart[];
  /** Null when nothing was measured, as are the next two. */
  readonly visits: Visits | null;
  readonly ends: Ends | null;
  readonly halfOpen: HalfOpenFigures | null;
  readonly storm: StormFigures | null;
  /** After churn and storm; empty where the target does not show what it tracks. */
  readonly kept: readonly Kept[];
  readonly fds: FdFigures | null;
  readonly timeWait: TimeWaitFigures | null;
  readonly release: ReleaseFigures | null;
  /** Ends that the server learned of by its heartbeat alone, silent clients left out; null where it cannot be said. */
  readonly unnoticedEnds: number | null;
  readonly samples: readonly ChurnSample[];
  /** How often each fault did its harm; empty where none is on. */
  readonly faultInjections: Readonly<Record<string, number>>;
}
