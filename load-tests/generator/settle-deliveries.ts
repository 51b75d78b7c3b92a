/** Waits for the last deliveries of a load that has ended. */

import { monotonicUs } from './monotonic-clock.ts';
import type { StopSignal } from './stop-signal.ts';
import type { WorkerProcess } from './worker-process.ts';

/** How often workers are asked whether the last deliveries came. */
const POLL_INTERVAL_MS = 50;
/** A server that has delivered nothing for this long after the load's end has delivered all it will. */
const QUIET_MS = 1_200;

export interface SettleOptions {
  readonly workers: readonly WorkerProcess[];
  readonly stop: StopSignal;
  /** Deliveries of the whole tier. */
  readonly expected: number;
  readonly timeoutMs: number;
}

/** Resolves when all came, none came for a while, or the time is over. */
export async function settleDeliveries({ workers, stop, expected, timeoutMs }: SettleOptions): Promise<void> {
  const deadlineUs = monotonicUs() + timeoutMs * 1_000;
  let received = receivedBy(workers);
  let quietSinceUs = monotonicUs();
  while (received < expected && monotonicUs() < deadlineUs && stop.reason === null) {
    for (const worker of workers) worker.tell({ type: 'progress' });
    await stop.pause(POLL_INTERVAL_MS);
    const now = receivedBy(workers);
    if (now !== received) quietSinceUs = monotonicUs();
    received = now;
    if (monotonicUs() - quietSinceUs > QUIET_MS * 1_000) return;
  }
}

function receivedBy(workers: readonly WorkerProcess[]): number {
  return workers.reduce((sum, worker) => sum + (worker.progress?.received ?? 0), 0);
}
