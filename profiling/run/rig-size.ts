/** How many generator processes a run takes. */

import type { Calibration } from '../../load-tests/calibration/calibration.ts';
import { workersForFds } from './fd-limits.ts';

export interface RigDemand {
  /** As asked for on the command line; undefined: choose. */
  readonly requested: number | undefined;
  readonly connections: number;
  readonly deliveriesPerSecond: number;
  readonly cores: number;
  readonly fdLimit: number | null;
  readonly calibration: Calibration | null;
}

/** A worker is judged sick above 80 % of a core; half a core leaves room for handshakes and bursts. */
const PLANNED_WORKER_CORES = 0.5;
/** Checked deliveries per core and second that any machine manages, where there is no calibration. */
const UNCALIBRATED_PER_CORE_SECOND = 80_000;

/**
 * Enough workers for the deliveries of the largest load by what one was measured to check, never more than
 * half the cores (the server needs the others), but always enough for their file descriptors.
 */
export function chooseWorkers(demand: RigDemand): number {
  if (demand.requested !== undefined) return demand.requested;
  const perWorker =
    PLANNED_WORKER_CORES * (demand.calibration?.singleFramePerCoreSecond ?? UNCALIBRATED_PER_CORE_SECOND);
  const forDeliveries = Math.ceil(demand.deliveriesPerSecond / perWorker);
  const mostByCores = Math.max(1, Math.floor(demand.cores / 2));
  return Math.max(
    Math.min(Math.max(1, forDeliveries), mostByCores),
    workersForFds(demand.connections, demand.fdLimit),
  );
}
