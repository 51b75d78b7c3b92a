/** What every scenario is: it drives load at a target, watches the target, and returns data without judging it. */

import type {
  ChurnObserver,
  ChurnPhase,
  ChurnPlan,
  ChurnProgress,
} from '../../load-tests/generator/churn/churn-plan.ts';
import type { ChurnResult } from '../../load-tests/generator/churn/churn-result.ts';
import type { HttpLoadPlan, HttpObserver, HttpProgress } from '../../load-tests/generator/http/http-plan.ts';
import type { HttpLoadResult } from '../../load-tests/generator/http/http-result.ts';
import type { LoadObserver, LoadPhase, LoadProgress } from '../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../load-tests/generator/load-plan.ts';
import type { LoadResult } from '../../load-tests/generator/load-result.ts';
import type { TickObserver, TickPlan } from '../../load-tests/generator/ticks/tick-plan.ts';
import type { TickResult } from '../../load-tests/generator/ticks/tick-result.ts';
import type { FirehoseCell } from '../record/firehose-record.ts';
import type { HeapGrowth } from '../record/heap-growth-record.ts';
import type { Override, RunEnvelope, RunOutcome } from '../record/run-envelope.ts';
import type { BodyOf, ScenarioName } from '../record/run-record.ts';
import type { StepJudgement } from '../record/sustained-rate.ts';
import type { TickSample } from '../record/tick-flow-record.ts';
import type { IdleRecord, TierRecord } from '../record/tier-record.ts';
import type { Target } from '../run/target.ts';
import type { BreachProfiles } from './breach/breach-profiles.ts';
import type { ScenarioOptions } from './scenario-options.ts';

/** Carries out load; the generator's `LoadCoordinator` is one. */
export interface LoadRunner {
  run(plan: LoadPlan, observer: LoadObserver): Promise<LoadResult>;
  churn(plan: ChurnPlan, observer: ChurnObserver): Promise<ChurnResult>;
  ticks(plan: TickPlan, observer: TickObserver): Promise<TickResult>;
  http(plan: HttpLoadPlan, observer: HttpObserver): Promise<HttpLoadResult>;
}

/** Where a scenario stands. */
export interface ScenarioProgress {
  /** `warm-server`: load that is not measured; `idle`: the server is looked at without a connection. */
  readonly phase: LoadPhase | ChurnPhase | 'warm-server' | 'idle';
  /** What is done now only warms the server up, as `warm-server` always does. */
  readonly isWarmUp?: boolean;
  /** `tier 2/3`, `cycle 4/13`; empty before the first. */
  readonly step: string;
  readonly connections: number;
  /** Null until the generator told something of this step. */
  readonly load: LoadProgress | null;
  readonly churn?: ChurnProgress;
  readonly http?: HttpProgress;
  /** What the server counted of its ticks last. */
  readonly served?: TickSample;
  /** Of the whole scenario, estimated. */
  readonly remainingMs: number;
}

/** Another way to run the reference server beside the one that is measured. */
export interface ServerVariant {
  readonly name: string;
  /** Environment variables on top of those of the measured one. */
  readonly settings: Readonly<Record<string, string>>;
  /** Options of Node itself; the run's folder takes what they write. */
  readonly nodeOptions: (runFolder: string) => readonly string[];
}

/** Steers a search for the highest rate while it runs; the verdict judges the record anew. */
export interface SearchJudge {
  /** The verdict hangs on rates up to this one. */
  readonly requiredRate: number;
  judge(tier: TierRecord, idle: IdleRecord): StepJudgement;
}

/** The same for ticks to one reader. */
export interface TickSearchJudge {
  readonly requiredRate: number;
  judge(cell: FirehoseCell): StepJudgement;
}

/** The page of browser readers, served from an origin of its own. */
export interface TickPageHandle {
  readonly origin: string;
  close(): Promise<void>;
}

/** Heap snapshots of one process, in the order in which they were taken. */
export interface SnapshotComparison {
  readonly files: readonly string[];
  /** That came and went from one to the next, on average. */
  readonly connections: number;
  /** What a `.heapprofile` file holds; null where nobody noted who allocates. */
  readonly allocations: unknown;
}

/** Says what grew, in a process of its own, so that reading them leaves nothing in this one. */
export type CompareSnapshots = (asked: SnapshotComparison) => Promise<HeapGrowth>;

export interface ScenarioContext {
  readonly options: ScenarioOptions;
  /** Epoch ms when the run began. */
  readonly startedAt: number;
  readonly target: Target;
  readonly load: LoadRunner;
  /** Folder of package.json and dist/, for what is looked up in the sources. */
  readonly projectFolder: string;
  /** Where files go that belong to the run. */
  readonly runFolder: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Ends early, without an error, when the signal aborts. */
  readonly wait: (ms: number) => Promise<void>;
  readonly report: (progress: ScenarioProgress) => void;
  /** Starts another reference server; the caller closes it. Only where the target itself was spawned. */
  readonly spawnVariant: (variant: ServerVariant) => Promise<Target>;
  /** Keeps a text beside run.json, under a path in that folder. @throws TouchlineError `TL_OUT_NOT_WRITABLE` */
  readonly keepFile: (path: string, text: string) => Promise<void>;
  /** @throws TouchlineError `TL_BROWSER_UNAVAILABLE` where no browser could show it */
  readonly openTickPage: () => Promise<TickPageHandle>;
  /** Catches what the server did when a limit broke; null where it gives no profile, or is profiled all the time. */
  readonly breaches: BreachProfiles | null;
  /** @throws TouchlineError where they cannot be read or are not of one process */
  readonly compareSnapshots: CompareSnapshots;
  readonly search: SearchJudge;
  readonly tickSearch: TickSearchJudge;
}

/** What was measured, all of it or up to where it ended. */
export interface ScenarioResult<Body> {
  readonly outcome: RunOutcome;
  readonly body: Body;
}

/** What a run will ask of the rig: sizes workers, file descriptors and the server's own limit. */
export interface LoadDemand {
  /** Most connections at a time. */
  readonly connections: number;
  /** Most deliveries per second that workers must check. */
  readonly deliveriesPerSecond: number;
}

export interface Scenario<Name extends ScenarioName> {
  readonly name: Name;
  /** What its target must answer and `--url` begins with; WebSockets unless it says so. */
  readonly speaks?: 'http';
  /** Whether it only makes sense on a server that the profiler starts. */
  readonly needsSpawnedServer: boolean;
  demand(options: ScenarioOptions): LoadDemand;
  /** Settings it changes in a server that it spawns, beside those every run needs. */
  overrides(options: ScenarioOptions): readonly Override[];
  /** What will be done, for the first line of progress: `tiers of 10, 100 connections, 5 s each, …`. */
  describe(options: ScenarioOptions): string;
  /** Sentences for whoever runs it by its name: what another way to start it would add. */
  advice?(): readonly string[];
  /** The options that concern it, for run.json. */
  recorded(options: ScenarioOptions): RunEnvelope['options'];
  /** The body of a run that ended before anything was measured. */
  nothing(options: ScenarioOptions): BodyOf<Name>;
  run(context: ScenarioContext): Promise<ScenarioResult<BodyOf<Name>>>;
}
