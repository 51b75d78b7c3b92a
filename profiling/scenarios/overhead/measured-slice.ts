/** A slice of a turn as it really was: between two edges at which time and CPU time were read. */

import { monotonicUs } from '../../../load-tests/generator/monotonic-clock.ts';
import { readCpuSeconds } from '../../sampling/process-cpu.ts';
import type { ArmPlan } from './arms.ts';
import type { Stretch } from './slice-latency.ts';

export interface Edge {
  /** Of the clock that the generator's workers read too. */
  readonly atUs: number;
  /** Null where it is not seen. */
  readonly cpuSeconds: number | null;
}

export interface MeasuredSlice {
  readonly arm: ArmPlan;
  readonly start: Edge;
  readonly end: Edge;
}

/** @param pid the server; undefined: not a process of this machine */
export function readEdge(pid: number | undefined): Edge {
  return { atUs: monotonicUs(), cpuSeconds: pid === undefined ? null : readCpuSeconds(pid) };
}

export function stretchOf({ start, end }: MeasuredSlice): Stretch {
  return { fromUs: start.atUs, toUs: end.atUs };
}

/** How long they were together. */
export function secondsOf(slices: readonly MeasuredSlice[]): number {
  return slices.reduce((total, { start, end }) => total + (end.atUs - start.atUs), 0) / 1e6;
}

/** The server's CPU time in them; null where it was not seen at an edge. */
export function cpuSecondsOf(slices: readonly MeasuredSlice[]): number | null {
  let total = 0;
  for (const { start, end } of slices) {
    if (start.cpuSeconds === null || end.cpuSeconds === null) return null;
    total += end.cpuSeconds - start.cpuSeconds;
  }
  return total;
}
