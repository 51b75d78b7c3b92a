import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { LoadObserver } from '../../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import type { LoadResult } from '../../../load-tests/generator/load-result.ts';
import { testPlan } from '../../../load-tests/testing/load-plans.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { ProfileSource } from '../../run/profile-source.ts';
import { BreachProfiles, type LoadOnceMore, type TierBreach } from './breach-profiles.ts';

const LIMITS = { latency: [{ threshold: 'p99', quantile: 0.99, limitMs: 50, samplesNeeded: 20 }] };

/** A process that burns all of its time in one function. */
function profileOf(durationMs: number): unknown {
  const frame = { scriptId: '1', lineNumber: 6, columnNumber: 0 };
  const root = { ...frame, functionName: '(root)', url: '' };
  const hot = { ...frame, functionName: 'burn', url: 'file:///elsewhere/burn.js' };
  const samples = Array.from({ length: durationMs }, () => 2);
  return {
    nodes: [
      { id: 1, callFrame: root, children: [2] },
      { id: 2, callFrame: hot },
    ],
    startTime: 0,
    endTime: durationMs * 1_000,
    samples,
    timeDeltas: samples.map(() => 1_000),
  };
}

const PLAN = testPlan(
  { wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' },
  { warmUpMs: 3_000, measureMs: 30_000 },
);

describe('BreachProfiles', () => {
  let runFolder: string;
  let calls: string[];
  let refusal: TouchlineError | undefined;
  /** How the load that is run once more goes. */
  let carryOut: (observer: LoadObserver) => Promise<void>;
  let state: LoadResult['state'];
  let plans: LoadPlan[];
  let breaches: BreachProfiles;

  beforeEach(() => {
    runFolder = mkdtempSync(join(tmpdir(), 'touchline-breach-'));
    calls = [];
    plans = [];
    state = 'completed';
    refusal = undefined;
    carryOut = async (observer) => {
      for (const phase of ['connect', 'measure'] as const) await observer.phase(phase);
      await new Promise((resolve) => setTimeout(resolve, 120));
      await observer.phase('hold');
    };
    const source: Partial<ProfileSource> = {
      startCpu: async () => {
        calls.push('start');
        if (refusal !== undefined) throw refusal;
      },
      stopCpu: async () => {
        calls.push('stop');
        return profileOf(3_000);
      },
    };
    const load: LoadOnceMore = {
      run: async (plan, observer) => {
        calls.push('load');
        plans.push(plan);
        await carryOut(observer);
        return { state };
      },
    };
    breaches = new BreachProfiles({
      source: source as ProfileSource,
      load,
      limits: LIMITS,
      runFolder,
      projectFolder: '/nowhere',
    });
  });
  afterEach(() => rmSync(runFolder, { recursive: true }));

  /** A window whose deliveries all take so long. */
  function watched(ms: number, looks = 3): TierBreach {
    const tier = breaches.watch({ slowReaders: 0 });
    if (tier === null) throw new Error('expected to be watched');
    tier.begin({ received: 0 });
    const latency = new LatencyHistogram(2);
    for (let time = 0; time < looks; time += 1) {
      latency.recordMany(ms * 1_000, 100);
      tier.look({ latency, received: latency.count });
    }
    return tier;
  }

  function explain(tier: TierBreach, phases: string[] = []) {
    const { seen } = tier;
    if (seen === undefined) throw new Error('expected a breach');
    const onPhase = (phase: string) => void phases.push(phase);
    return breaches.explain({ step: 'tier 1/1', seen, plan: PLAN, onPhase });
  }

  it('sees nothing in a clean window, and asks nothing of the server in any', () => {
    expect(watched(1, 20).seen).toBeUndefined();
    expect(watched(100).seen).toMatchObject({ threshold: 'p99', limit: 50, broken: 100, of: 100 });
    expect([calls, existsSync(join(runFolder, 'breach'))]).toEqual([[], false]);
  });

  it('runs a load that broke once more, for two seconds, and keeps its profile beside the report', async () => {
    const phases: string[] = [];
    const caught = await explain(watched(100), phases);
    expect(caught).toMatchObject({ threshold: 'p99', limit: 50, broken: 100, of: 100, missing: null });
    expect(caught?.profile).toMatchObject({ step: 'tier 1/1', file: 'breach/1.cpuprofile', calls: [] });
    expect(caught?.profile?.functions[0]).toMatchObject({ functionName: 'burn', line: 7, selfRatio: 1 });
    expect(JSON.parse(readFileSync(join(runFolder, 'breach/1.cpuprofile'), 'utf8'))).toHaveProperty('nodes');
    expect(calls).toEqual(['start', 'load', 'stop']);
    expect(phases).toEqual(['connect', 'measure', 'hold']);
    expect(plans).toEqual([{ ...PLAN, warmUpMs: 500, measureMs: 2_000 }]);
  });

  it('says that the load ended before there was a profile, and stops it all the same', async () => {
    carryOut = async () => undefined;
    expect(await explain(watched(100))).toMatchObject({
      profile: null,
      missing: 'the load that was run once more ended before there was one',
    });
    expect(calls).toEqual(['start', 'load', 'stop']);
  });

  it('says that the load failed, and stops its profile', async () => {
    carryOut = async () => {
      throw new TouchlineError('TL_WORKER_FAILED', 'expected a worker; it ended');
    };
    expect(await explain(watched(100))).toMatchObject({
      profile: null,
      missing: 'expected a worker; it ended',
    });
    expect(calls).toEqual(['start', 'load', 'stop']);
  });

  it('says that the server did not bear the load again', async () => {
    state = 'lost-target';
    expect(await explain(watched(100))).toMatchObject({
      profile: null,
      missing: 'every connection ended under the load that was run once more',
    });
  });

  it('runs nothing where the server gives no profile, and says why', async () => {
    refusal = new TouchlineError('TL_PROFILE_RUNNING', 'expected none; received one');
    expect(await explain(watched(100))).toMatchObject({
      profile: null,
      missing: 'expected none; received one',
    });
    expect(calls).toEqual(['start']);
  });

  it('explains two of a run at most', async () => {
    const found = [];
    for (let tier = 0; tier < 4; tier += 1) found.push((await explain(watched(100))) !== undefined);
    expect(found).toEqual([true, true, false, false]);
  });

  it('watches no load in which clients stop reading on purpose', () => {
    expect(breaches.watch({ slowReaders: 1 })).toBeNull();
  });
});
