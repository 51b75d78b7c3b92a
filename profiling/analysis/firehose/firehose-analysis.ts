/** What the numbers of a firehose run mean: the shape that `analyseFirehose` gives and that verdict and report read. */

import type { FailureCount } from '../../../load-tests/generator/load-result.ts';
import type { TickResult } from '../../../load-tests/generator/ticks/tick-result.ts';
import type { FirehoseCell } from '../../record/firehose-record.ts';
import type { ServerCounters, ServerWindow } from '../../record/tier-record.ts';
import type { LatencyFigures, Steadiness, WorkerHealth } from '../tier-analysis.ts';

/** Ticks per second, summed over readers; null where the server does not show it. */
export interface TickRates {
  /** Rate asked for × readers that read on. */
  readonly asked: number;
  /** What the feed made, × readers. */
  readonly offered: number | null;
  /** Given to sockets: what servers like to call their send rate. */
  readonly buffered: number | null;
  /** Taken by the kernel. */
  readonly flushed: number | null;
  /** Acknowledged by the readers, as the server counts it. */
  readonly delivered: number | null;
  /** Offered and not buffered: kept from readers that are too slow, skipped or still waiting to be. */
  readonly heldBack: number | null;
  /** What the readers themselves count, slow ones left out. */
  readonly received: number;
}

/** One connection's account of its ticks, over all readers that read on and their whole lives. */
export interface TickLedger {
  readonly received: number;
  /** Left out and not called skipped; null where neither numbers nor the server's count tell. */
  readonly lost: number | null;
  readonly duplicated: number | null;
  readonly outOfOrder: number;
  /** With the time of the tick before, repetitions left out. */
  readonly sharedTimestamps: number;
  readonly corrupt: number;
  readonly foreignText: number;
  readonly skipped: number;
  readonly conflations: number;
  /** Readers that left before all that was under way could reach them, as every browser does. */
  readonly undeterminedReaders: number;
}

/** What the server says it flushed against what the readers got. */
export interface TickCounterCheck {
  readonly client: number;
  readonly server: number | null;
  readonly difference: number | null;
  /** What neither loss nor repetitions account for; null where the server's count is unknown. */
  readonly unexplained: number | null;
}

export interface CellAnalysis extends Pick<FirehoseCell, 'part' | 'setup' | 'samples'> {
  readonly kind: NonNullable<FirehoseCell['kind']> | null;
  /** Names it among the others: `100,000/s JSON`, `100,000/s JSON (confirmation)`, `naive, 1,000,000/s JSON`. */
  readonly label: string;
  readonly state: TickResult['state'];
  readonly measuredMs: number;
  readonly measureRequestedMs: number;
  readonly attempted: number;
  readonly connected: number;
  readonly failures: {
    readonly connect: readonly FailureCount[];
    readonly disconnects: readonly FailureCount[];
  };
  readonly rates: TickRates;
  /** Received ÷ asked. */
  readonly deliveredRatio: number;
  /** Buffered − delivered: how fast unread ticks pile up. */
  readonly backlogPerSecond: number | null;
  /** Delivered ÷ buffered. */
  readonly efficiency: number | null;
  readonly framesPerWrite: number | null;
  readonly writesPerSecond: number | null;
  readonly latency: LatencyFigures;
  readonly negativeLatencies: number;
  readonly timedEvery: number;
  readonly steadiness: Steadiness;
  readonly ledger: TickLedger;
  readonly counterCheck: TickCounterCheck;
  readonly server: {
    readonly cpuCores: number | null;
    readonly window: ServerWindow;
    readonly counters: ServerCounters;
    readonly rssBytes: number | null;
    readonly peakSendQueueBytes: number | null;
  };
  /** Received per second for each core of the server. */
  readonly receivedPerCore: number | null;
  readonly workers: readonly WorkerHealth[];
  /** Of the busiest reader process; of a browser all of its processes together. */
  readonly readerCores: number | null;
  readonly machineCpuRatio: number | null;
}

export interface FirehoseAnalysis {
  /** In the order they were run. */
  readonly cells: readonly CellAnalysis[];
}

/** Readers whose ticks are counted. */
export function countedReaders({ setup }: Pick<CellAnalysis, 'setup'>): number {
  return setup.readers - setup.slowReaders;
}
