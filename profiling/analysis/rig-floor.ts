/** What the calibration says about a worker that holds so many clients: its latency floor and its loop delay. */

import type { BurstCalibration, Calibration } from '../../load-tests/calibration/calibration.ts';
import type { RigFloor } from './tier-analysis.ts';

/** A worker whose loop is this late distorts what it measures (MEASUREMENT.md, "Verdicts"). */
const LOOP_DELAY_LIMIT_MS = 10;

/**
 * On a machine that generator and server share, reading a burst takes the worker's loop this long anyway: the
 * calibrated figure, with half as much again because calibration had the machine almost to itself.
 */
const SHARED_MACHINE_ALLOWANCE = 1.5;

export type BurstFigure = 'p50Ms' | 'p99Ms' | 'loopDelayP99Ms';

/**
 * Reads a calibrated figure at any fan-out: straight lines between the measured ones, the first one below them,
 * the last line carried on above them (never falling).
 *
 * @returns null when nothing was calibrated
 */
export function calibratedFigure(
  bursts: readonly BurstCalibration[],
  fanOut: number,
  figure: BurstFigure,
): number | null {
  const [first] = bursts;
  const last = bursts.at(-1);
  if (first === undefined || last === undefined) return null;
  if (fanOut <= first.fanOut) return first[figure];
  const rightIndex = bursts.findIndex((burst) => burst.fanOut >= fanOut);
  if (rightIndex === -1) {
    const before = bursts.at(-2) ?? last;
    return last[figure] + Math.max(0, slopeOf(before, last, figure)) * (fanOut - last.fanOut);
  }
  const left = bursts[rightIndex - 1] ?? first;
  return left[figure] + slopeOf(left, bursts[rightIndex] ?? last, figure) * (fanOut - left.fanOut);
}

/** Milliseconds for each further client. */
function slopeOf(left: BurstCalibration, right: BurstCalibration, figure: BurstFigure): number {
  const width = right.fanOut - left.fanOut;
  return width <= 0 ? 0 : (right[figure] - left[figure]) / width;
}

/** The best latency the rig could show with so many clients on each worker; null without a calibration. */
export function rigFloor(calibration: Calibration | null, fanOut: number): RigFloor | null {
  const bursts = calibration?.bursts ?? [];
  const p50Ms = calibratedFigure(bursts, fanOut, 'p50Ms');
  const p99Ms = calibratedFigure(bursts, fanOut, 'p99Ms');
  return p50Ms === null || p99Ms === null ? null : { fanOut, p50Ms, p99Ms };
}

/** The loop delay above which a worker's own lateness makes its figures doubtful. */
export function loopDelayLimitMs(calibratedMs: number | null, sharesMachine: boolean): number {
  if (!sharesMachine || calibratedMs === null) return LOOP_DELAY_LIMIT_MS;
  return Math.max(LOOP_DELAY_LIMIT_MS, SHARED_MACHINE_ALLOWANCE * calibratedMs);
}
