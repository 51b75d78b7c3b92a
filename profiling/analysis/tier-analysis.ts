/** What the numbers of a run mean: the shape that `analyseRun` gives and that verdict and report read. */

import type {
  DeliveryLedgerTotals,
  FailureCount,
  LoadResult,
  WorkerUsage,
} from '../../load-tests/generator/load-result.ts';
import type { MemorySample, ServerCounters, ServerSample, ServerWindow } from '../record/run-record.ts';

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
}

/** A straight line through measured points, with its two-sided 95 % confidence interval. */
export interface LineFit {
  readonly slope: number;
  readonly intercept: number;
  /** Null with fewer than three points: two points always lie on a line. */
  readonly slopeLow: number | null;
  readonly slopeHigh: number | null;
  /** Share of the variance that the line explains, 0–1; null where the points do not vary. */
  readonly r2: number | null;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Bytes a connection costs, by kind of memory; null where it could not be seen at two counts or more. */
export interface MemorySlopes {
  readonly rss: LineFit | null;
  readonly heapUsed: LineFit | null;
  readonly external: LineFit | null;
  readonly kernelSockets: LineFit | null;
  /** Garbage was collected by force before every reading. */
  readonly forcedGc: boolean;
}

/** Gunther's Universal Scalability Law on deliveries per second of server CPU. */
export type ScalabilityFit =
  | {
      readonly state: 'fitted';
      /** Deliveries per CPU second at one connection. */
      readonly lambda: number;
      /** Contention, 0 and up. */
      readonly sigma: number;
      /** Coherency: work that grows with pairs of connections. */
      readonly kappa: number;
      readonly r2: number;
      /** Connections at which capacity peaks; null where no peak lies within ten times the measured range. */
      readonly peakConnections: number | null;
      /** Connections that fill one core at this run's broadcast rate; null where that lies too far off to say. */
      readonly fullCoreConnections: number | null;
      readonly points: readonly ScalabilityPoint[];
      readonly sentence: string;
    }
  | {
      readonly state: 'meaningless';
      readonly points: readonly ScalabilityPoint[];
      /** Why no limit can be predicted. */
      readonly sentence: string;
    };

export interface ScalabilityPoint {
  readonly connections: number;
  readonly deliveriesPerCpuSecond: number;
}

export interface RunAnalysis {
  /** Ascending by connections. */
  readonly tiers: readonly TierAnalysis[];
  readonly memory: MemorySlopes;
  /** Cores over connections, idle included. */
  readonly cpu: LineFit | null;
  readonly scalability: ScalabilityFit;
  /** The smallest broadcast rate and the largest that tiers were asked for. */
  readonly broadcastsPerSecond: { readonly min: number; readonly max: number };
}
