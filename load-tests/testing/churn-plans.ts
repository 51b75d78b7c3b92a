/** Churn plans for tests: small, quick, complete. */

import type { ChurnObserver, ChurnPhase, ChurnPlan, ChurnProgress } from '../generator/churn/churn-plan.ts';
import type { ChurnResult } from '../generator/churn/churn-result.ts';
import type { LoadTarget } from '../generator/load-plan.ts';
import type { FailureCount } from '../generator/load-result.ts';

/** 100 clients a second for 2 s, a quarter of them abrupt, and no storm; changed as the test wants. */
export function churnPlan(target: LoadTarget, changes: Partial<ChurnPlan> = {}): ChurnPlan {
  return {
    runId: 'churn1',
    seed: 1,
    target,
    workload: 'matches',
    matchId: 7,
    client: 'lean',
    connectsPerSecond: 100,
    churnMs: 2_000,
    stayMs: { min: 100, max: 800 },
    abruptRatio: 0.25,
    silentTimeoutMs: 8_000,
    stormClients: 0,
    stormAwayMs: 1_000,
    broadcastsPerSecond: 20,
    textLength: 120,
    connectTimeoutMs: 5_000,
    connectsInFlight: 50,
    drainTimeoutMs: 5_000,
    ...changes,
  };
}

/** Keeps what a churn run tells its observer. */
export class RecordingChurnObserver implements ChurnObserver {
  readonly phases: ChurnPhase[] = [];
  readonly progressed: ChurnProgress[] = [];
  readonly #onPhase: (phase: ChurnPhase) => Promise<void> | void;

  constructor(onPhase: (phase: ChurnPhase) => Promise<void> | void = () => undefined) {
    this.#onPhase = onPhase;
  }

  phase(phase: ChurnPhase): Promise<void> | void {
    this.phases.push(phase);
    return this.#onPhase(phase);
  }

  progress(progress: ChurnProgress): void {
    this.progressed.push(progress);
  }
}

export function totalOf(failures: readonly FailureCount[]): number {
  return failures.reduce((sum, { count }) => sum + count, 0);
}

/** Clients whose end the result tells: as many as were attempted. */
export function accountedFor({ connect, failures, ends }: ChurnResult): number {
  const { clean, reset, halfOpen, unasked } = ends;
  return totalOf(connect.failures) + totalOf(failures) + clean + reset + halfOpen + totalOf(unasked);
}
