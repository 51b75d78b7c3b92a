import { describe, expect, it } from 'vitest';
import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import { Rehearsal } from '../../testing/rehearsal.ts';
import { sampleOptions } from '../../testing/sample-options.ts';
import { sampleTier } from '../../testing/sample-tier.ts';
import type { ScenarioOptions } from '../scenario-options.ts';
import { cycleOf } from './cycle-plan.ts';
import { memory } from './memory.ts';

const SMALL: Partial<ScenarioOptions> = {
  cycles: 2,
  connections: 10,
  measureMs: 500,
  broadcastsPerSecond: 80,
};
const run = (rehearsal: Rehearsal) => memory.run(rehearsal.context());

describe('a memory run', () => {
  it('warms up with three cycles of at least 100, then measures, all in one match', async () => {
    const rehearsal = new Rehearsal(SMALL);
    const { outcome, body } = await run(rehearsal);
    expect(outcome).toEqual({ state: 'completed' });
    const { plans } = rehearsal;
    expect(plans.map(({ connections }) => connections)).toEqual([100, 100, 100, 10, 10]);
    expect(new Set(plans.map(({ matchId }) => matchId)).size).toBe(1);
    expect(new Set(plans.map(({ seed }) => seed)).size).toBe(5);
    expect(plans.map(({ leaveEarly }) => leaveEarly)).toEqual([50, 50, 50, 5, 5]);
    expect(plans.every(({ pingsPerClient }) => pingsPerClient === 1)).toBe(true);
    expect(body.cycles.map(({ kind }) => kind)).toEqual([
      'warm-up',
      'warm-up',
      'warm-up',
      'measured',
      'measured',
    ]);
    expect(body).toMatchObject({ scenario: 'memory', connections: 10 });
  });

  it('reads memory three times a cycle, and forces collection for the last alone', async () => {
    const { body } = await run(new Rehearsal(SMALL));
    for (const { connected, closed, collected } of body.cycles) {
      expect([connected?.forcedGc, closed?.forcedGc]).toEqual([false, false]);
      expect(collected?.rssBytes).toBe(5e7);
    }
    expect(body.initial).not.toBeNull();
    expect(body.final).not.toBeNull();
  });

  it('knows where each structure should have been released', async () => {
    const rehearsal = new Rehearsal(SMALL);
    const { body } = await memory.run({ ...rehearsal.context(), projectFolder: process.cwd() });
    expect(body.releasePoints['hub.connections']).toMatch(/^server\/hub\/hub\.ts:\d+, Hub\.disconnected$/);
    expect(body.releasePoints['httpServer']).toMatch(/^server\/transport\/peers\.ts:\d+, /);
  });

  it('ends with what it has when it is interrupted', async () => {
    const rehearsal = new Rehearsal({ ...SMALL, cycles: 5 });
    rehearsal.tier = (plan: LoadPlan) => {
      if (rehearsal.plans.length === 4) rehearsal.interrupt.abort();
      return sampleTier(plan.connections, { durationMs: 500 }).load;
    };
    const { outcome, body } = await run(rehearsal);
    expect(outcome).toEqual({ state: 'interrupted', message: 'stopped by a signal in cycle 1' });
    expect(body.cycles).toHaveLength(4);
    expect([body.end, body.final]).toEqual([null, null]);
  });
});

describe('the size of a cycle', () => {
  const size = (kind: 'warm-up' | 'measured', changes: Partial<ScenarioOptions>) =>
    cycleOf(kind, sampleOptions({ ...SMALL, ...changes }));

  it.each([
    [{}, 40],
    [{ measureMs: 100, broadcastsPerSecond: 1 }, 40],
    [{ connections: 1_000 }, 40],
    [{ connections: 20_000 }, 40],
  ])(
    'fills a history of 100 and a ring of 256 in three warm-up cycles, whatever was asked for: %j',
    (changes, messages) => {
      const { connections, broadcastsPerSecond, measureMs } = size('warm-up', changes);
      expect(3 * connections).toBeGreaterThanOrEqual(256);
      expect((broadcastsPerSecond * measureMs) / 1_000).toBeGreaterThanOrEqual(messages - 1e-6);
    },
  );

  it('does not warm up slowly, however slowly the cycles publish', () => {
    expect(size('warm-up', { broadcastsPerSecond: 0.1 })).toEqual(size('warm-up', {}));
    expect(size('measured', { broadcastsPerSecond: 0.1 })).toMatchObject({
      broadcastsPerSecond: 0.1,
      measureMs: 40_000,
    });
  });

  it('exchanges something in every measured cycle, and never more than the load side is asked to check', () => {
    const { connections, broadcastsPerSecond, measureMs } = size('measured', {
      connections: 10_000,
      measureMs: 100,
    });
    expect(connections * broadcastsPerSecond).toBeLessThanOrEqual(20_000);
    expect((broadcastsPerSecond * measureMs) / 1_000).toBeGreaterThanOrEqual(4);
    expect(
      memory.demand(sampleOptions({ ...SMALL, connections: 10_000 })).deliveriesPerSecond,
    ).toBeLessThanOrEqual(20_000);
  });
});
