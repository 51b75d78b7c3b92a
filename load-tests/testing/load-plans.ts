/** Plans for tests: small, quick, complete. */

import type { LoadObserver, LoadPhase, LoadProgress } from '../generator/load-observer.ts';
import type { LoadPlan, LoadTarget } from '../generator/load-plan.ts';

/** A plan of 20 clients, 50 broadcasts a second, a second long, changed as the test wants. */
export function testPlan(target: LoadTarget, changes: Partial<LoadPlan> = {}): LoadPlan {
  return {
    runId: 'test1',
    seed: 1,
    target,
    workload: 'matches',
    matchId: 7,
    client: 'lean',
    connections: 20,
    broadcastsPerSecond: 50,
    arrival: 'uniform',
    textLength: 120,
    warmUpMs: 200,
    measureMs: 1_000,
    connectTimeoutMs: 5_000,
    connectsInFlight: 50,
    drainTimeoutMs: 5_000,
    ...changes,
  };
}

/** Keeps what a run tells its observer. */
export class RecordingObserver implements LoadObserver {
  readonly phases: LoadPhase[] = [];
  readonly progressed: LoadProgress[] = [];
  readonly #onPhase: (phase: LoadPhase) => Promise<void> | void;

  constructor(onPhase: (phase: LoadPhase) => Promise<void> | void = () => undefined) {
    this.#onPhase = onPhase;
  }

  phase(phase: LoadPhase): Promise<void> | void {
    this.phases.push(phase);
    return this.#onPhase(phase);
  }

  progress(progress: LoadProgress): void {
    this.progressed.push(progress);
  }
}
