/** What one run of `bench:peers` found: what terminal and BENCHMARKS.md both show. */

import type { UnmeasuredPeer } from '../../../load-tests/peers/run/prepared-peers.ts';
import type { CellSummary } from './cell-summary.ts';

export interface GroupSummary {
  readonly title: string;
  readonly cells: readonly CellSummary[];
}

/** What the run was made with and on. */
export interface BenchSetting {
  readonly command: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly rounds: number;
  readonly measureMs: number;
  /** `AMD EPYC, 2 cores, 24 GB · Linux 6.1 · Node v20.20.2 · commit 1a2b3c` */
  readonly environment: string;
  /** Share of all cores that other programs took in the worst turn; null where /proc does not tell. */
  readonly otherLoadRatio: number | null;
}

export interface PeersReport {
  readonly setting: BenchSetting;
  readonly groups: readonly GroupSummary[];
  /** Title and versions of what was measured. */
  readonly measured: readonly { readonly title: string; readonly version: string }[];
  readonly unmeasured: readonly UnmeasuredPeer[];
  /** Bytes that one core copies a second. */
  readonly copyBytesPerSecond: number;
}
