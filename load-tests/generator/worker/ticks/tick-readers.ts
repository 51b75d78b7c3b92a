/** The readers of one worker, whatever they are, as the worker drives them. */

import type { LoadWindow } from '../../latency/latency-book.ts';
import type { PackedCounts } from '../../latency/latency-histogram.ts';
import type { TickReport } from '../../ticks/tick-messages.ts';
import type { ConnectReport } from '../../worker-messages.ts';

export interface TickReaders {
  /** Connections that are open now, and those of them that do not read. */
  readonly connected: number;
  readonly paused: number;
  /** Ticks so far, without those of slow readers, and how often some were handed over. */
  readonly ticks: number;
  readonly reads: number;
  /** Numbers that never came, skipped ones left out. */
  readonly lost: number;
  /** Called when the last connection that reads is gone though nobody closed it. */
  onDeserted: () => void;
  /** Opens every connection; resolves when each has its hello or has failed. */
  connect(): Promise<ConnectReport>;
  /** From now on what comes in this window is measured; slow readers stop as it begins. */
  load(window: LoadWindow): void;
  /** The window is over, or will not come. */
  finish(): Promise<void>;
  /** Closes every connection cleanly; cuts slow readers, and those whose server does not answer in time. */
  close(timeoutMs: number): Promise<void>;
  /** Opens no more, and waits for nothing longer than `graceMs`. */
  halt(graceMs: number): void;
  /** Latencies of the window so far, encoded; null before it. */
  latencySoFar(): PackedCounts | null;
  report(): Omit<TickReport, 'window'>;
}
