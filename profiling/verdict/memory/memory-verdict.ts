/** What a memory run is found to be: the shape that `judgeMemory` gives. */

import type { Growth } from '../../analysis/lifecycle-growth.ts';
import type { GrowingClass } from '../../record/heap-growth-record.ts';
import type { ValidityProblem, Verdict } from '../verdict.ts';

export interface CycleValidity {
  /** `cycle 5`. */
  readonly label: string;
  readonly problems: readonly ValidityProblem[];
}

export interface MemoryVerdict extends Verdict {
  readonly validity: readonly CycleValidity[];
  /** What kept something: causes first, and with each what it keeps alive. */
  readonly leaks: readonly Leak[];
  /** Classes that grow in heap snapshots and that no other one keeps alive, the one to name first. */
  readonly growing: readonly GrowingClass[];
  /** Whether the cycles were enough, in a sentence; null where there is nothing to say. */
  readonly cyclesNote: string | null;
  /** What to do, most important first. */
  readonly recommendations: readonly string[];
}

/** Something that was not released. */
export interface Leak {
  readonly cause: Growth;
  /** Classes that grew by as much, and most likely because of it. */
  readonly kept: readonly Growth[];
}
