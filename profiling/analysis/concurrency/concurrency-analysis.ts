/** What the numbers of a concurrency run mean: the shape that `analyseConcurrency` gives and that verdict and report read. */

import type { LineFit } from '../line-fit.ts';
import type { TierAnalysis } from '../tier-analysis.ts';

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

export interface ConcurrencyAnalysis {
  /** Ascending by connections. */
  readonly tiers: readonly TierAnalysis[];
  readonly memory: MemorySlopes;
  /** Cores over connections, idle included. */
  readonly cpu: LineFit | null;
  readonly scalability: ScalabilityFit;
  /** The smallest broadcast rate and the largest that tiers were asked for. */
  readonly broadcastsPerSecond: { readonly min: number; readonly max: number };
}
