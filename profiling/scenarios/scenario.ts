/** What every scenario is: it drives load at a target, watches the target, and returns data without judging it. */

import type { LoadObserver, LoadPhase, LoadProgress } from '../../load-tests/generator/load-observer.ts';
import type { Arrival, ClientKind, LoadPlan } from '../../load-tests/generator/load-plan.ts';
import type { LoadResult } from '../../load-tests/generator/load-result.ts';
import type { RunOutcome, RunRecord, ServerWarmUp, TierRecord } from '../record/run-record.ts';
import type { Target } from '../run/target.ts';

/** Carries out one tier; the generator's `LoadCoordinator` is one. */
export interface LoadRunner {
  run(plan: LoadPlan, observer: LoadObserver): Promise<LoadResult>;
}

/** The part of the command line that scenarios read. */
export interface ScenarioOptions {
  /** Ascending, each once. */
  readonly tiers: readonly number[];
  readonly measureMs: number;
  readonly warmUpMs: number;
  readonly broadcastsPerSecond: number;
  readonly arrival: Arrival;
  readonly client: ClientKind;
  readonly seed: number;
  /** Undefined: a match of its own for each tier. */
  readonly matchId: number | undefined;
}

/** Where a scenario stands. */
export interface ScenarioProgress {
  /** `warm-server`: load that is not measured; `idle`: the server is looked at without a connection. */
  readonly phase: LoadPhase | 'warm-server' | 'idle';
  /** From 1. */
  readonly tierNumber: number;
  readonly tierCount: number;
  readonly connections: number;
  /** Null until the generator told something of this tier. */
  readonly load: LoadProgress | null;
  /** Of the whole scenario, estimated. */
  readonly remainingMs: number;
}

export interface ScenarioContext {
  readonly options: ScenarioOptions;
  /** Epoch ms when the run began. */
  readonly startedAt: number;
  readonly target: Target;
  readonly load: LoadRunner;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Ends early, without an error, when the signal aborts. */
  readonly wait: (ms: number) => Promise<void>;
  readonly report: (progress: ScenarioProgress) => void;
}

/** What was measured, all of it or up to where it ended. */
export interface ScenarioResult {
  readonly outcome: RunOutcome;
  /** Undefined when the run ended before. */
  readonly serverWarmUp: ServerWarmUp | undefined;
  readonly idle: RunRecord['idle'];
  readonly tiers: readonly TierRecord[];
}

export interface Scenario {
  readonly name: RunRecord['scenario'];
  /** One line for `--help`. */
  readonly title: string;
  run(context: ScenarioContext): Promise<ScenarioResult>;
}
