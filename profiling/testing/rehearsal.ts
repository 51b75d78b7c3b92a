/** A run without a server and without load: everything a scenario asks for is written down in order. */

import type { ChurnResult } from '../../load-tests/generator/churn/churn-result.ts';
import {
  HTTP_PHASES,
  type HttpLoadPlan,
  type HttpObserver,
} from '../../load-tests/generator/http/http-plan.ts';
import type { HttpLoadResult } from '../../load-tests/generator/http/http-result.ts';
import type { LoadObserver, LoadPhase } from '../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../load-tests/generator/load-plan.ts';
import type { LoadResult } from '../../load-tests/generator/load-result.ts';
import { TICK_PHASES, type TickObserver, type TickPlan } from '../../load-tests/generator/ticks/tick-plan.ts';
import type { TickResult } from '../../load-tests/generator/ticks/tick-result.ts';
import type { FirehoseCell } from '../record/firehose-record.ts';
import type { StepJudgement } from '../record/sustained-rate.ts';
import type { Target } from '../run/target.ts';
import type { TickConfig } from '../run/tick-control.ts';
import { MetricsReading } from '../sampling/metrics-reading.ts';
import { setupOf } from '../scenarios/firehose/firehose-cells.ts';
import type {
  CompareSnapshots,
  ScenarioContext,
  ScenarioProgress,
  ServerVariant,
} from '../scenarios/scenario.ts';
import type { ScenarioOptions } from '../scenarios/scenario-options.ts';
import { sampleTickResult } from './sample-firehose.ts';
import { sampleHttpLoad } from './sample-http.ts';
import { sampleOptions } from './sample-options.ts';
import { sampleTier } from './sample-tier.ts';

/** What the generator goes through in every load. */
export const PHASES: readonly LoadPhase[] = [
  'connect',
  'subscribe',
  'warm-up',
  'measure',
  'hold',
  'drain',
  'close',
];

/** Answers a scenario the way a run would; knobs make it go wrong. */
export class Rehearsal {
  readonly happened: string[] = [];
  readonly plans: LoadPlan[] = [];
  readonly shown: ScenarioProgress[] = [];
  readonly variants: ServerVariant[] = [];
  readonly interrupt = new AbortController();
  readonly death = new AbortController();
  answers = true;
  /** Whether the profiler started the server. */
  kind: 'spawned' | 'running' = 'spawned';
  /** What a load after the first comes to. */
  tier: (plan: LoadPlan) => LoadResult = (plan) => sampleTier(plan.connections).load;
  /** How a search is steered. */
  requiredRate = 100;
  judgement: (load: LoadResult) => StepJudgement = () => 'held';
  requiredTickRate = 100_000;
  tickJudgement: (cell: FirehoseCell) => StepJudgement = () => 'held';
  /** What a feed comes to, and how the server was set for it. */
  ticks: (plan: TickPlan) => TickResult = ({ reader, readers, slowReaders, format }) =>
    sampleTickResult(setupOf({ engine: 'ws', rate: 1_000, reader, readers, slowReaders, format }));
  readonly tickPlans: TickPlan[] = [];
  /** What a load of HTTP requests comes to. */
  http: (plan: HttpLoadPlan) => HttpLoadResult = ({ connections }) => sampleHttpLoad({ connections });
  readonly httpPlans: HttpLoadPlan[] = [];
  /** What was kept beside run.json. */
  readonly files = new Map<string, string>();
  readonly configured: Partial<TickConfig>[] = [];
  /** Why a server does not take a setting; null: it does. */
  configures: (changes: Partial<TickConfig>) => string | null = () => null;
  /** Why a variant does not start. */
  refuses: (variant: ServerVariant) => Error | undefined = () => undefined;
  /** Why no browser can be opened. */
  browser: Error | undefined;
  /** What snapshots say grew. */
  comparison: CompareSnapshots = () => Promise.reject(new Error('this rehearsal compares no snapshots'));
  runFolder = '/nowhere';
  private readonly options: Partial<ScenarioOptions>;
  private opened = 0;

  constructor(options: Partial<ScenarioOptions> = {}) {
    this.options = options;
  }

  /** Plans of what is measured, without the load that warms the server up. */
  get tierPlans(): readonly LoadPlan[] {
    return this.plans.slice(1);
  }

  context(): ScenarioContext {
    return {
      options: sampleOptions(this.options),
      startedAt: 1_000,
      target: this.target('the target'),
      load: {
        run: (plan, observer) => this.load(plan, observer),
        churn: (): Promise<ChurnResult> => Promise.reject(new Error('this rehearsal has no churn')),
        ticks: (plan, observer) => this.feed(plan, observer),
        http: (plan, observer) => this.fire(plan, observer),
      },
      projectFolder: '/nowhere',
      runFolder: this.runFolder,
      compareSnapshots: (asked) => this.comparison(asked),
      signal: this.interrupt.signal,
      wait: async (ms) => {
        this.happened.push(`wait ${ms}`);
      },
      report: (progress) => this.shown.push(progress),
      spawnVariant: async (variant) => {
        const refusal = this.refuses(variant);
        if (refusal !== undefined) throw refusal;
        this.variants.push(variant);
        return this.target(variant.name);
      },
      keepFile: async (path, text) => {
        this.files.set(path, text);
      },
      openTickPage: async () => {
        if (this.browser !== undefined) throw this.browser;
        this.happened.push('open page');
        return {
          origin: 'http://127.0.0.1:99',
          close: async () => {
            this.happened.push('close page');
          },
        };
      },
      breaches: null,
      search: { requiredRate: this.requiredRate, judge: (tier) => this.judgement(tier.load) },
      tickSearch: { requiredRate: this.requiredTickRate, judge: (cell) => this.tickJudgement(cell) },
    };
  }

  private async load(plan: LoadPlan, observer: LoadObserver): Promise<LoadResult> {
    this.plans.push(plan);
    this.opened += plan.connections;
    for (const phase of PHASES) {
      this.happened.push(phase);
      await observer.phase(phase);
    }
    return this.plans.length === 1 ? sampleTier(plan.connections).load : this.tier(plan);
  }

  private async feed(plan: TickPlan, observer: TickObserver): Promise<TickResult> {
    this.tickPlans.push(plan);
    for (const phase of TICK_PHASES) await observer.phase(phase);
    return this.ticks(plan);
  }

  private async fire(plan: HttpLoadPlan, observer: HttpObserver): Promise<HttpLoadResult> {
    this.httpPlans.push(plan);
    for (const phase of HTTP_PHASES) await observer.phase(phase);
    return this.http(plan);
  }

  private target(name: string): Target {
    const port = 1 + this.variants.length;
    return {
      load: { wsUrl: `ws://127.0.0.1:${port}/ws`, httpUrl: `http://127.0.0.1:${port}` },
      view: {
        scrape: async () => {
          this.happened.push('scrape');
          return new MetricsReading(performance.now(), [
            { name: 'touchline_connections_opened_total', labels: {}, value: this.opened },
            { name: 'process_resident_memory_bytes', labels: {}, value: 5e7 },
          ]);
        },
        collectGarbage: async () => this.happened.push('gc') > 0,
        askAdmin: async () => null,
      },
      ticks: {
        config: async () => ({ rate: 1_000 }),
        configure: async (changes) => {
          const refusal = this.configures(changes);
          if (refusal === null) this.configured.push(changes);
          return refusal;
        },
        totals: async () => null,
      },
      profiles: null,
      whyNoProfiles: 'a rehearsal has no process',
      description: {
        kind: this.kind,
        url: `ws://127.0.0.1:${port}/ws`,
        http: `http://127.0.0.1:${port}`,
        metrics: null,
        admin: null,
        sees: { metrics: true, forcedGc: true },
        sharesMachine: false,
        nodeVersion: null,
      },
      overrides: [],
      blindSpots: [],
      died: this.death.signal,
      isAlive: async () => this.answers,
      close: async () => {
        this.happened.push(`close ${name}`);
      },
    };
  }
}
