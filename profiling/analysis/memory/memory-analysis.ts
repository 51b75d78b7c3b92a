/** Everything the verdict and the report of a memory run need, derived from its record; nothing here judges. */

import type { MemoryCycle } from '../../record/memory-record.ts';
import type { MemorySample } from '../../record/tier-record.ts';
import type { Growth } from '../lifecycle-growth.ts';
import type { TheilSenFit } from '../theil-sen.ts';
import type { TierAnalysis } from '../tier-analysis.ts';

export interface CycleAnalysis {
  /** `warm-up 2`, `cycle 5`. */
  readonly label: string;
  readonly kind: MemoryCycle['kind'];
  /** From 1, among its kind. */
  readonly number: number;
  /** The load and its integrity. */
  readonly tier: TierAnalysis;
  /** Connections of measured cycles that had ended when this one was over; 0 in warm-up cycles. */
  readonly endedConnections: number;
  readonly connected: MemorySample | null;
  readonly closed: MemorySample | null;
  readonly collected: MemorySample | null;
  readonly releaseMs: number | null;
  readonly unsubscribed: UnsubscribeCheck | null;
  /** Entries by structure, after everyone left; null where the target does not show them. */
  readonly structures: Readonly<Record<string, number>> | null;
}

/** The room while half of the clients had unsubscribed and everyone was still connected. */
export interface UnsubscribeCheck {
  /** Clients that were told `unsubscribed`. */
  readonly left: number;
  /** Room entries above those of the clients that stayed. */
  readonly kept: number;
}

export const SLOPE_FIGURES = ['heapUsed', 'external', 'arrayBuffers', 'rss'] as const;
export type SlopeFigure = (typeof SLOPE_FIGURES)[number];

export interface MemoryAnalysis {
  readonly cycles: readonly CycleAnalysis[];
  readonly measured: readonly CycleAnalysis[];
  /** Of the measured cycles. */
  readonly connections: number;
  readonly broadcasts: number;
  /** Theil–Sen slopes after forced collection, in bytes per connection; null where they cannot be seen. */
  readonly slopes: Readonly<Record<SlopeFigure, TheilSenFit | null>>;
  /** Whether every reading behind the slopes came after a forced collection. */
  readonly forcedGc: boolean;
  /** Null where the target does not show what it tracks, or the run ended before. */
  readonly growth: readonly Growth[] | null;
  readonly countsClasses: boolean;
  /** Heap and external memory kept for each connection, at the least; null where it cannot be said. */
  readonly keptBytesPerConnection: number | null;
  /** Connections that somebody else opened at the target during the measured cycles. */
  readonly visitors: number;
  /** How often each fault did its harm in the measured cycles; empty where none is on. */
  readonly faultInjections: Readonly<Record<string, number>>;
}
