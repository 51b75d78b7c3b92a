import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LatencyHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { ProfileSource } from '../../run/profile-source.ts';
import { BreachProfiles, type TierBreach } from './breach-profiles.ts';

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

describe('BreachProfiles', () => {
  let runFolder: string;
  let calls: string[];
  let refusal: TouchlineError | undefined;
  let breaches: BreachProfiles;

  beforeEach(() => {
    runFolder = mkdtempSync(join(tmpdir(), 'touchline-breach-'));
    calls = [];
    refusal = undefined;
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
    breaches = new BreachProfiles({
      source: source as ProfileSource,
      limits: LIMITS,
      runFolder,
      projectFolder: '/nowhere',
      profileMs: 120,
    });
  });
  afterEach(() => rmSync(runFolder, { recursive: true }));

  const watch = (slowReaders = 0): TierBreach | null => breaches.watch('tier 1/1', { slowReaders });

  /** Looks of a window whose deliveries all take so long. */
  function look(tier: TierBreach, ms: number, times = 3): void {
    tier.begin({ received: 0 });
    const latency = new LatencyHistogram(2);
    for (let time = 0; time < times; time += 1) {
      latency.recordMany(ms * 1_000, 100);
      tier.look({ latency, received: latency.count });
    }
  }

  it('asks nothing of the server in a clean window', async () => {
    const tier = watch();
    if (tier !== null) look(tier, 1, 20);
    expect(await tier?.finish()).toBeUndefined();
    expect([calls, existsSync(join(runFolder, 'breach'))]).toEqual([[], false]);
  });

  it('takes one profile of a window that breaks, until it ends, and keeps it beside the report', async () => {
    const tier = watch();
    if (tier !== null) look(tier, 100, 6);
    await vi.waitFor(() => expect(calls).toContain('stop'), 5_000);
    const caught = await tier?.finish();
    expect(caught).toMatchObject({ threshold: 'p99', limit: 50, broken: 100, of: 100, missing: null });
    expect(caught?.profile).toMatchObject({ step: 'tier 1/1', file: 'breach/1.cpuprofile', calls: [] });
    expect(caught?.profile?.functions[0]).toMatchObject({ functionName: 'burn', line: 7, selfRatio: 1 });
    expect(JSON.parse(readFileSync(join(runFolder, 'breach/1.cpuprofile'), 'utf8'))).toHaveProperty('nodes');
    expect(calls).toEqual(['start', 'stop']);
  });

  it('says that a window ended before there was a profile, and stops it all the same', async () => {
    const tier = watch();
    if (tier !== null) look(tier, 100);
    expect(await tier?.finish()).toMatchObject({
      profile: null,
      missing: 'the measured window ended as it was seen',
    });
    expect(calls).toEqual(['start', 'stop']);
  });

  it('says why the server gave none, and spoils no measurement', async () => {
    refusal = new TouchlineError('TL_PROFILE_RUNNING', 'expected none; received one');
    const tier = watch();
    if (tier !== null) look(tier, 100);
    expect(await tier?.finish()).toMatchObject({ profile: null, missing: 'expected none; received one' });
  });

  it('takes three of a run at most', async () => {
    const found = [];
    for (let tier = 0; tier < 5; tier += 1) {
      const watched = watch();
      if (watched !== null) look(watched, 100);
      found.push((await watched?.finish()) !== undefined);
    }
    expect(found).toEqual([true, true, true, false, false]);
  });

  it('watches no load in which clients stop reading on purpose', () => {
    expect(watch(1)).toBeNull();
  });
});
