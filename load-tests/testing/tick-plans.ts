/** Tick plans for tests: small, quick, complete. */

import type { LoadProgress } from '../generator/load-observer.ts';
import type { TickObserver, TickPhase, TickPlan } from '../generator/ticks/tick-plan.ts';

/** Four lean JSON readers for a second, changed as the test wants. */
export function tickPlan(target: TickPlan['target'], changes: Partial<TickPlan> = {}): TickPlan {
  return {
    target,
    reader: 'lean',
    readers: 4,
    slowReaders: 0,
    format: 'json',
    warmUpMs: 200,
    measureMs: 1_000,
    clientId: 'test',
    ackEveryMs: 100,
    ...changes,
  };
}

/** Keeps what a tick load tells its observer. */
export class RecordingTickObserver implements TickObserver {
  readonly phases: TickPhase[] = [];
  readonly progressed: LoadProgress[] = [];
  readonly #onPhase: (phase: TickPhase) => Promise<void> | void;

  constructor(onPhase: (phase: TickPhase) => Promise<void> | void = () => undefined) {
    this.#onPhase = onPhase;
  }

  phase(phase: TickPhase): Promise<void> | void {
    this.phases.push(phase);
    return this.#onPhase(phase);
  }

  progress(progress: LoadProgress): void {
    this.progressed.push(progress);
  }
}
