/** What the numbers of one stretch of load mean: the shape that `analyseTier` gives and that verdict and report read. */

import type {
  DeliveryLedgerTotals,
  FailureCount,
  LoadResult,
  WorkerUsage,
} from '../../load-tests/generator/load-result.ts';
import type { MemorySample, ServerCounters, ServerSample, ServerWindow } from '../record/tier-record.ts';
import type { BreachAnalysis } from './breach-analysis.ts';

/** Percentiles of one histogram. A percentile is null where fewer than 10 ÷ (1 − q) samples stand behind it. */
export interface LatencyFigures {
  /** How many samples there are. */
  readonly n: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly p999Ms: number | null;
  readonly maxMs: number | null;
  readonly meanMs: number | null;
}

/** A rate that was asked for, and what came of it. `ratio` is null when nothing was asked for. */
export interface AchievedRate {
  readonly requestedPerSecond: number;
  readonly achievedPerSecond: number;
  readonly ratio: number | null;
}

/** The same thing counted by the clients and by the server. */
export interface CounterCheck {
  readonly name: 'connections' | 'broadcasts' | 'deliveries';
  readonly client: number;
  /** Null where the target shows no counters. */
  readonly server: number | null;
  /** server − client; null where the server's count is unknown. */
  readonly difference: number | null;
  /** Part of the difference that neither losses nor ended connections nor duplicates account for. */
  readonly unexplained: number | null;
}

/** Whether the two halves of the measured window agree. */
export interface Steadiness {
  readonly state: 'steady' | 'not-steady' | 'unknown';
  readonly firstHalf: LatencyFigures;
  readonly secondHalf: LatencyFigures;
  /** What was compared, in a sentence. */
  readonly detail: string;
}

/** What the rig itself costs at this fan-out, by the calibration: no server can look better. */
export interface RigFloor {
  readonly fanOut: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface WorkerHealth extends WorkerUsage {
  /** The loop delay that counts as the rig's fault for this worker's fan-out. */
  readonly loopDelayLimitMs: number;
  /** The calibrated loop delay for this fan-out; null without a calibration. */
  readonly calibratedLoopDelayMs: number | null;
}

/** The worst second of a tier and what the server was doing in it. */
export interface WorstSecond {
  readonly elapsedMs: number;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  /** The median p99 of the tier's seconds, to compare with. */
  readonly typicalP99Ms: number | null;
  /** The reading of the server nearest to that second; null where it shows none. */
  readonly server: ServerSample | null;
}

export interface FailuresByOrigin {
  /** Connection attempts that failed. */
  readonly connect: readonly FailureCount[];
  readonly subscribe: readonly FailureCount[];
  readonly publish: readonly FailureCount[];
  readonly disconnects: readonly FailureCount[];
}

export interface ServerCost {
  readonly cpuCores: number | null;
  /** Above the idle server; null where either is unknown. */
  readonly cpuAboveIdleCores: number | null;
  /** Cores above idle for each 1,000 open connections. */
  readonly cpuPerThousandCores: number | null;
  readonly window: ServerWindow;
  /** Its own counters over the tier. */
  readonly counters: ServerCounters;
  /** Share of the measured window spent collecting garbage. */
  readonly gcRatio: number | null;
}

export interface TierAnalysis {
  /** Connections asked for. */
  readonly connections: number;
  readonly attempted: number;
  readonly connected: number;
  readonly state: LoadResult['state'];
  readonly rateNote: string | null;
  readonly measuredMs: number;
  readonly measureRequestedMs: number;
  readonly establishMs: number;
  readonly connectLatency: LatencyFigures;
  /** Response time: from the intended send to the receipt. What users feel, and what is judged. */
  readonly delivery: LatencyFigures;
  /** Service time: from the actual send. */
  readonly service: LatencyFigures;
  /** The rig's own lateness: actual − intended send. */
  readonly scheduleLag: LatencyFigures;
  readonly publishLatency: LatencyFigures;
  readonly negativeLatencies: number;
  readonly broadcasts: AchievedRate;
  /** Requested: accepted broadcasts × subscribers. */
  readonly deliveries: AchievedRate;
  readonly published: { readonly intended: number; readonly sent: number; readonly accepted: number };
  readonly ledger: DeliveryLedgerTotals;
  readonly failures: FailuresByOrigin;
  readonly counterChecks: readonly CounterCheck[];
  readonly server: ServerCost;
  readonly memory: MemorySample | null;
  readonly steadiness: Steadiness;
  readonly workers: readonly WorkerHealth[];
  readonly machineCpuRatio: number | null;
  readonly floor: RigFloor | null;
  readonly worstSecond: WorstSecond | null;
  /** What was caught when a limit broke; null where none did, or nothing could be. */
  readonly breach: BreachAnalysis | null;
}
