import { describe, expect, it } from 'vitest';
import { sampleOptions } from '../testing/sample-options.ts';
import { estimateTierMs, planTier, rateOfTier } from './tier-plan.ts';

const OPTIONS = sampleOptions({ tiers: [10, 20_000], measureMs: 5_000, warmUpMs: 1_000 });
const TARGET = { wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' };
const plan = (tierIndex: number, options = OPTIONS) =>
  planTier({
    options,
    startedAt: 1_000,
    target: TARGET,
    tierIndex,
    connections: options.tiers[tierIndex] ?? 1,
  });

describe('rateOfTier', () => {
  it.each([
    [10, 1_000, 10],
    [10, 10_000, 10],
    [100, 10_000, 100],
    [10, 20_000, 5],
    [10, 50_000, 2],
    [1, 50_000, 1],
  ])('%d/s to %d connections becomes %d/s', (asked, connections, expected) => {
    const { broadcastsPerSecond, rateNote } = rateOfTier(asked, connections);
    expect(broadcastsPerSecond).toBe(expected);
    expect(rateNote === undefined).toBe(asked === expected);
  });
});

describe('planTier', () => {
  it('follows from seed and start time, each tier with its own match and seed', () => {
    expect(plan(0)).toEqual(plan(0));
    expect(plan(0).matchId).not.toBe(plan(1).matchId);
    expect(plan(0).seed).not.toBe(plan(1).seed);
    expect(plan(0).runId).toBe(plan(1).runId);
    expect(plan(1)).toMatchObject({ connections: 20_000, broadcastsPerSecond: 5, target: TARGET });
  });

  it('takes the match that was asked for', () => {
    expect(plan(1, { ...OPTIONS, matchId: 3 }).matchId).toBe(3);
  });
});

describe('estimateTierMs', () => {
  it('holds the windows and grows with connections', () => {
    expect(estimateTierMs(OPTIONS, 10)).toBeGreaterThan(6_000);
    expect(estimateTierMs(OPTIONS, 10_000)).toBeGreaterThan(estimateTierMs(OPTIONS, 10));
  });
});
