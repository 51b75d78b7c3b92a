/** What the numbers of a broadcast run mean: the shape that `analyseBroadcast` gives and that verdict and report read. */

import type { BroadcastStep } from '../../record/broadcast-record.ts';
import type { LatencyFigures, TierAnalysis } from '../tier-analysis.ts';

/** Members by their place in the room, and how long they wait. */
export interface PositionFigures {
  /** From 1. */
  readonly from: number;
  readonly to: number;
  readonly meanMs: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** How one broadcast spreads over the room. */
export interface FanOutFigures {
  readonly broadcasts: number;
  /** 1: all of the window are in these figures; 3: every third. */
  readonly everyNth: number;
  readonly members: number;
  /** From the intended send to the first, the median and the last member. */
  readonly first: LatencyFigures;
  readonly median: LatencyFigures;
  readonly last: LatencyFigures;
  /** Last minus first. */
  readonly spread: LatencyFigures;
  readonly positions: readonly PositionFigures[];
  /** How much longer the last group waits than the first, at the mean; null with one group. */
  readonly unfairnessMs: number | null;
}

/** Share of the deliveries that came in time. */
export interface Completeness {
  readonly withinMs: number;
  readonly ratio: number | null;
}

export interface StepAnalysis extends Pick<BroadcastStep, 'kind' | 'rate'> {
  /** Names it among the others: `100/s`, `100/s (confirmed)`, `100/s (again)`. */
  readonly label: string;
  readonly tier: TierAnalysis;
  readonly fanOut: FanOutFigures | null;
  readonly completeness: readonly Completeness[];
  /** Deliveries that one core of the server makes a second; null where its CPU is unknown. */
  readonly deliveriesPerCore: number | null;
}

/** Publishers that each wait for their answer: a ceiling, and no latency of deliveries. */
export interface ClosedAnalysis {
  readonly tier: TierAnalysis;
  readonly publishers: number;
  readonly requestsPerSecond: number;
  /** From sending a POST to its answer. */
  readonly publishLatency: LatencyFigures;
  readonly deliveriesPerSecond: number;
  readonly deliveriesPerCore: number | null;
}

/** One side of the comparison without and with slow readers. */
export interface SlowReaderAnalysis {
  readonly slowReaders: number;
  readonly rate: number;
  readonly textLength: number;
  readonly tier: TierAnalysis;
  /** The most bytes that waited in the server at any reading; null where it shows none. */
  readonly peakSendQueueBytes: number | null;
  /** Bytes sent to each member in the window, about. */
  readonly bytesPerMember: number;
}

export interface BroadcastAnalysis {
  readonly connections: number;
  /** In the order they were run. */
  readonly steps: readonly StepAnalysis[];
  readonly closed: ClosedAnalysis | null;
  /** Empty, or without and with. */
  readonly slowReaders: readonly SlowReaderAnalysis[];
}

/** Every stretch of load, and what it is called. */
export interface LabelledTier {
  readonly label: string;
  readonly tier: TierAnalysis;
}

/** All loads of a run in the order they were run. */
export function loadsOf({ steps, closed, slowReaders }: BroadcastAnalysis): readonly LabelledTier[] {
  return [
    ...steps,
    ...(closed === null ? [] : [{ label: 'closed', tier: closed.tier }]),
    ...slowReaders.map(({ slowReaders: count, tier }) => ({ label: slowReaderLabel(count), tier })),
  ];
}

/** `without slow readers`, `with 1 slow reader`. */
export function slowReaderLabel(count: number): string {
  if (count === 0) return 'without slow readers';
  return `with ${count} slow ${count === 1 ? 'reader' : 'readers'}`;
}
