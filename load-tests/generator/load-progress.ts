/** Puts the workers' progress together for the live display. */

import { LatencyHistogram } from './latency/latency-histogram.ts';
import type { LoadPhase, LoadProgress } from './load-observer.ts';
import type { LoadPlan } from './load-plan.ts';
import type { WorkerEventOf } from './worker-messages.ts';

type WorkerProgress = WorkerEventOf<'progress'>;

/** What connecting is taken to need per connection until the first figures come. */
const ASSUMED_CONNECT_MS = 0.5;
/** Hold, drain and close together, roughly. */
const ASSUMED_TAIL_MS = 500;

/** What the board knows of a plan. */
type BoardPlan = Pick<LoadPlan, 'connections' | 'warmUpMs' | 'measureMs'>;

/** What the workers' progress comes to. */
export type BoardReading = Omit<LoadProgress, 'workers'>;

/** One tier's live figures. Times are µs of the monotonic clock. */
export class ProgressBoard {
  readonly #plan: BoardPlan;
  readonly #startedUs: number;
  #phase: LoadPhase = 'connect';
  #loadStartUs: number | null = null;
  #lastUs: number;
  #lastReceived = 0;

  constructor(plan: BoardPlan, startedUs: number) {
    this.#plan = plan;
    this.#startedUs = startedUs;
    this.#lastUs = startedUs;
  }

  enter(phase: LoadPhase): void {
    this.#phase = phase;
  }

  loadStarts(startUs: number): void {
    this.#loadStartUs = startUs;
  }

  /** The sum over all workers; null stands for one that has not reported yet. */
  read(workers: readonly (WorkerProgress | null)[], nowUs: number): BoardReading {
    const connected = sum(workers, (worker) => worker.connected);
    const received = sum(workers, (worker) => worker.received);
    const elapsedSeconds = (nowUs - this.#lastUs) / 1e6;
    const deliveriesPerSecond =
      elapsedSeconds > 0 ? Math.max(received - this.#lastReceived, 0) / elapsedSeconds : 0;
    this.#lastUs = nowUs;
    this.#lastReceived = received;
    const latency = responseTimes(workers);
    return {
      phase: this.#phase,
      elapsedMs: (nowUs - this.#startedUs) / 1_000,
      remainingMs: this.#remainingMs(connected, nowUs),
      connected,
      connectionsWanted: this.#plan.connections,
      received,
      deliveriesPerSecond,
      p99Ms: latency.quantileMs(0.99),
      latency,
      lost: sum(workers, (worker) => worker.gaps),
    };
  }

  #remainingMs(connected: number, nowUs: number): number {
    const { connections, warmUpMs, measureMs } = this.#plan;
    const loadMs = warmUpMs + measureMs + ASSUMED_TAIL_MS;
    if (this.#loadStartUs !== null) {
      return Math.max(this.#loadStartUs / 1_000 + loadMs - nowUs / 1_000, 0);
    }
    const elapsedMs = (nowUs - this.#startedUs) / 1_000;
    const perConnectionMs = connected > 0 ? elapsedMs / connected : ASSUMED_CONNECT_MS;
    return Math.max(connections - connected, 0) * perConnectionMs + loadMs;
  }
}

function responseTimes(workers: readonly (WorkerProgress | null)[]): LatencyHistogram {
  const all = new LatencyHistogram(2);
  for (const worker of workers) {
    if (worker !== null && worker.latency !== null) all.mergePacked(worker.latency);
  }
  return all;
}

function sum(
  workers: readonly (WorkerProgress | null)[],
  field: (progress: WorkerProgress) => number,
): number {
  return workers.reduce((total, worker) => total + (worker === null ? 0 : field(worker)), 0);
}
