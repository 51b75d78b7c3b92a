import { describe, expect, it } from 'vitest';
import type { LoadObserver, LoadPhase } from '../../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import type { LoadResult } from '../../../load-tests/generator/load-result.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { Target } from '../../run/target.ts';
import { MetricsReading } from '../../sampling/metrics-reading.ts';
import { sampleTier } from '../../testing/sample-tier.ts';
import type { ScenarioContext, ScenarioOptions, ScenarioProgress } from '../scenario.ts';
import { concurrency } from './concurrency.ts';

const PHASES: readonly LoadPhase[] = ['connect', 'subscribe', 'warm-up', 'measure', 'hold', 'drain', 'close'];

/** A run without a server: everything that happens is written down in order. */
class Rehearsal {
  readonly happened: string[] = [];
  readonly plans: LoadPlan[] = [];
  readonly shown: ScenarioProgress[] = [];
  readonly interrupt = new AbortController();
  readonly death = new AbortController();
  answers = true;
  /** What a tier comes to. */
  tier: (plan: LoadPlan) => LoadResult = (plan) => sampleTier(plan.connections).load;
  private readonly options: Partial<ScenarioOptions>;
  private opened = 0;

  constructor(options: Partial<ScenarioOptions> = {}) {
    this.options = options;
  }

  /** Plans of tiers, without the one that warms the server up. */
  get tierPlans(): readonly LoadPlan[] {
    return this.plans.slice(1);
  }

  run() {
    return concurrency.run(this.context());
  }

  private context(): ScenarioContext {
    return {
      options: {
        tiers: [10, 50],
        measureMs: 1_000,
        warmUpMs: 0,
        broadcastsPerSecond: 10,
        arrival: 'uniform',
        client: 'lean',
        seed: 7,
        matchId: undefined,
        ...this.options,
      },
      startedAt: 1_000,
      target: this.target(),
      load: { run: (plan, observer) => this.load(plan, observer) },
      signal: this.interrupt.signal,
      wait: async (ms) => {
        this.happened.push(`wait ${ms}`);
      },
      report: (progress) => this.shown.push(progress),
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

  private target(): Target {
    return {
      load: { wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' },
      view: {
        scrape: async () => {
          this.happened.push('scrape');
          return new MetricsReading(performance.now(), [
            { name: 'touchline_connections_opened_total', labels: {}, value: this.opened },
            { name: 'process_resident_memory_bytes', labels: {}, value: 5e7 },
          ]);
        },
        collectGarbage: async () => this.happened.push('gc') > 0,
      },
      description: {
        kind: 'spawned',
        url: 'ws://127.0.0.1:1/ws',
        http: 'http://127.0.0.1:1',
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
      close: async () => undefined,
    };
  }
}

describe('concurrency', () => {
  it('looks at the idle server, then runs each tier in its own match', async () => {
    const rehearsal = new Rehearsal();
    const { outcome, idle, tiers } = await rehearsal.run();
    expect(outcome).toEqual({ state: 'completed' });
    expect(idle.memory).toMatchObject({ connections: 0, forcedGc: true, rssBytes: 5e7 });
    expect(tiers.map(({ connections }) => connections)).toEqual([10, 50]);
    expect(tiers[0]?.serverCounters.opened).toBe(10);
    expect(tiers[1]?.serverCounters.opened).toBe(50);
    expect(tiers[1]?.memory).toMatchObject({ connections: 50, forcedGc: true });
    expect(new Set(rehearsal.plans.map(({ matchId }) => matchId)).size).toBe(3);
  });

  it('warms the server up before it looks at the idle one, and measures none of it', async () => {
    const rehearsal = new Rehearsal();
    const { serverWarmUp, tiers } = await rehearsal.run();
    const firstLook = rehearsal.happened.indexOf('scrape');
    expect(rehearsal.happened.slice(0, firstLook)).toEqual([...PHASES, 'wait 250', 'gc']);
    expect(rehearsal.plans[0]).toMatchObject({ connections: 50, warmUpMs: 0, measureMs: 1_000 });
    expect(serverWarmUp).toEqual({ connections: 50, broadcastsPerSecond: 10, durationMs: 1_000 });
    expect(tiers).toHaveLength(2);
  });

  it('warms up in a match of its own even when the tiers are given one', async () => {
    const rehearsal = new Rehearsal({ tiers: [10, 5_000], matchId: 5 });
    await rehearsal.run();
    expect(rehearsal.tierPlans.map(({ matchId }) => matchId)).toEqual([5, 5]);
    expect(rehearsal.plans[0]?.matchId).not.toBe(5);
    expect(rehearsal.plans[0]?.connections).toBe(100);
  });

  it('samples while it measures, and collects garbage only while the load holds still', async () => {
    const rehearsal = new Rehearsal();
    await rehearsal.run();
    const second = rehearsal.happened.lastIndexOf('connect');
    const tier = rehearsal.happened.slice(second - 1);
    expect(tier.slice(0, 12)).toEqual([
      ...['scrape', 'connect', 'subscribe', 'warm-up', 'measure', 'scrape'],
      ...['hold', 'scrape', 'wait 250', 'gc', 'scrape', 'drain'],
    ]);
  });

  it('tells where it stands, with less time left from tier to tier', async () => {
    const rehearsal = new Rehearsal();
    await rehearsal.run();
    expect(rehearsal.shown[0]).toMatchObject({ phase: 'warm-server', tierNumber: 0, tierCount: 2 });
    expect(rehearsal.shown[1]).toMatchObject({ phase: 'idle', tierNumber: 0, tierCount: 2 });
    const starts = rehearsal.shown.filter(({ phase }) => phase === 'connect');
    expect(starts.map(({ tierNumber, connections }) => [tierNumber, connections])).toEqual([
      [1, 10],
      [2, 50],
    ]);
    expect(starts[1]?.remainingMs).toBeLessThan(starts[0]?.remainingMs ?? 0);
  });

  it('keeps what was measured when it is interrupted in a tier', async () => {
    const rehearsal = new Rehearsal();
    rehearsal.tier = (plan) => {
      rehearsal.interrupt.abort();
      return { ...sampleTier(plan.connections).load, state: 'interrupted' };
    };
    const { outcome, tiers } = await rehearsal.run();
    expect(outcome).toMatchObject({
      state: 'interrupted',
      message: expect.stringContaining('10 connections'),
    });
    expect(tiers).toHaveLength(1);
  });

  it('starts no tier once it is interrupted', async () => {
    const rehearsal = new Rehearsal();
    rehearsal.interrupt.abort();
    const { outcome, tiers } = await rehearsal.run();
    expect(outcome.state).toBe('interrupted');
    expect([tiers, rehearsal.plans]).toEqual([[], []]);
  });

  it.each([
    ['its process ended', (rehearsal: Rehearsal) => rehearsal.death.abort()],
    [
      'it lost everybody and does not answer',
      (rehearsal: Rehearsal) => {
        rehearsal.answers = false;
      },
    ],
  ])('aborts with what was measured when %s', async (_, end) => {
    const rehearsal = new Rehearsal();
    rehearsal.tier = (plan) => {
      end(rehearsal);
      return { ...sampleTier(plan.connections).load, state: 'lost-target' };
    };
    const { outcome, tiers } = await rehearsal.run();
    expect(outcome).toMatchObject({ state: 'aborted', code: 'TL_TARGET_DIED' });
    expect(tiers).toHaveLength(1);
  });

  it('goes on when the target closed everybody but still answers: that is data', async () => {
    const rehearsal = new Rehearsal();
    rehearsal.tier = (plan) => ({ ...sampleTier(plan.connections).load, state: 'lost-target' });
    const { outcome, tiers } = await rehearsal.run();
    expect(outcome).toEqual({ state: 'completed' });
    expect(tiers).toHaveLength(2);
  });

  it('keeps earlier tiers when a worker fails, and lets defects through', async () => {
    const rehearsal = new Rehearsal();
    rehearsal.tier = (plan) => {
      if (plan.connections === 10) return sampleTier(10).load;
      throw new TouchlineError('TL_WORKER_FAILED', 'expected a worker to answer; it ended with SIGKILL');
    };
    const { outcome, tiers } = await rehearsal.run();
    expect(outcome).toMatchObject({ state: 'aborted', code: 'TL_WORKER_FAILED' });
    expect(tiers).toHaveLength(1);
    rehearsal.tier = () => {
      throw new TypeError('a defect');
    };
    await expect(rehearsal.run()).rejects.toThrow('a defect');
  });
});
