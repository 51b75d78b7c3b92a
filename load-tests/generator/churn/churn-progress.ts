/** Puts the workers' progress of a churn run together for the live display. */

import type { WorkerEventOf } from '../worker-messages.ts';
import type { ChurnPhase, ChurnPlan, ChurnProgress } from './churn-plan.ts';

type WorkerProgress = WorkerEventOf<'progress'>;

/** Gathering, recovering, leaving and closing together, roughly. */
const ASSUMED_STORM_MS = 4_000;
/** Attempts without one that came up, nobody being connected: the target is gone. */
const LOST_AFTER_FAILURES = 10;

/** One churn run's live figures. Times are µs of the monotonic clock. */
export class ChurnBoard {
  readonly #plan: ChurnPlan;
  readonly #startedUs: number;
  #phase: ChurnPhase = 'churn';
  #phaseStartedUs: number;

  constructor(plan: ChurnPlan, startedUs: number) {
    this.#plan = plan;
    this.#startedUs = startedUs;
    this.#phaseStartedUs = startedUs;
  }

  enter(phase: ChurnPhase, nowUs: number): void {
    this.#phase = phase;
    this.#phaseStartedUs = nowUs;
  }

  /** The sum over all workers; null stands for one that has not reported yet. */
  read(workers: readonly (WorkerProgress | null)[], nowUs: number): Omit<ChurnProgress, 'workers'> {
    return {
      phase: this.#phase,
      elapsedMs: (nowUs - this.#startedUs) / 1_000,
      remainingMs: this.#remainingMs((nowUs - this.#phaseStartedUs) / 1_000),
      open: sum(workers, (worker) => worker.connected),
      connected: sum(workers, (worker) => worker.churn?.connected ?? 0),
      failed: sum(workers, (worker) => worker.churn?.failed ?? 0),
      received: sum(workers, (worker) => worker.received),
      gaps: sum(workers, (worker) => worker.gaps),
    };
  }

  /** Whether the churn goes on in vain: nobody is connected, and one attempt after the other fails. */
  isTargetLost(workers: readonly (WorkerProgress | null)[]): boolean {
    if (this.#phase !== 'churn' || workers.some((worker) => worker === null)) return false;
    return (
      sum(workers, (worker) => worker.connected) === 0 &&
      sum(workers, (worker) => worker.churn?.failedInARow ?? 0) >= LOST_AFTER_FAILURES
    );
  }

  #remainingMs(inPhaseMs: number): number {
    const { churnMs, silentTimeoutMs, stormClients, stormAwayMs } = this.#plan;
    const stormMs = stormClients > 0 ? stormAwayMs + ASSUMED_STORM_MS : 0;
    switch (this.#phase) {
      case 'churn':
        return Math.max(churnMs - inPhaseMs, 0) + silentTimeoutMs + stormMs;
      case 'silence':
        return Math.max(silentTimeoutMs - inPhaseMs, 0) + stormMs;
      case 'settled':
      case 'gather':
        return stormMs;
      case 'storm':
        return Math.max(stormMs - inPhaseMs, 0);
      default:
        return 0;
    }
  }
}

function sum(
  workers: readonly (WorkerProgress | null)[],
  field: (progress: WorkerProgress) => number,
): number {
  return workers.reduce((total, worker) => total + (worker === null ? 0 : field(worker)), 0);
}
