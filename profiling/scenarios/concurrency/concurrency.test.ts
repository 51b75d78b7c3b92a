import { describe, expect, it } from 'vitest';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { PHASES, Rehearsal } from '../../testing/rehearsal.ts';
import { sampleTier } from '../../testing/sample-tier.ts';
import { concurrency } from './concurrency.ts';

async function run(rehearsal: Rehearsal) {
  const { outcome, body } = await concurrency.run(rehearsal.context());
  return { outcome, ...body };
}

describe('concurrency', () => {
  it('looks at the idle server, then runs each tier in its own match', async () => {
    const rehearsal = new Rehearsal();
    const { outcome, idle, tiers } = await run(rehearsal);
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
    const { serverWarmUp, tiers } = await run(rehearsal);
    const firstLook = rehearsal.happened.indexOf('scrape');
    expect(rehearsal.happened.slice(0, firstLook)).toEqual([...PHASES, 'wait 250', 'gc']);
    expect(rehearsal.plans[0]).toMatchObject({ connections: 50, warmUpMs: 0, measureMs: 1_000 });
    expect(serverWarmUp).toEqual({ connections: 50, broadcastsPerSecond: 10, durationMs: 1_000 });
    expect(tiers).toHaveLength(2);
  });

  it('warms up in a match of its own even when the tiers are given one', async () => {
    const rehearsal = new Rehearsal({ tiers: [10, 5_000], matchId: 5 });
    await run(rehearsal);
    expect(rehearsal.tierPlans.map(({ matchId }) => matchId)).toEqual([5, 5]);
    expect(rehearsal.plans[0]?.matchId).not.toBe(5);
    expect(rehearsal.plans[0]?.connections).toBe(100);
  });

  it('samples while it measures, and collects garbage only while the load holds still', async () => {
    const rehearsal = new Rehearsal();
    await run(rehearsal);
    const second = rehearsal.happened.lastIndexOf('connect');
    const tier = rehearsal.happened.slice(second - 1);
    expect(tier.slice(0, 12)).toEqual([
      ...['scrape', 'connect', 'subscribe', 'warm-up', 'measure', 'scrape'],
      ...['hold', 'scrape', 'wait 250', 'gc', 'scrape', 'drain'],
    ]);
  });

  it('tells where it stands, with less time left from tier to tier', async () => {
    const rehearsal = new Rehearsal();
    await run(rehearsal);
    expect(rehearsal.shown[0]).toMatchObject({ phase: 'warm-server', step: '' });
    expect(rehearsal.shown[1]).toMatchObject({ phase: 'idle', step: '' });
    const starts = rehearsal.shown.filter(({ phase }) => phase === 'connect');
    expect(starts.map(({ step, connections }) => [step, connections])).toEqual([
      ['tier 1/2', 10],
      ['tier 2/2', 50],
    ]);
    expect(starts[1]?.remainingMs).toBeLessThan(starts[0]?.remainingMs ?? 0);
  });

  it('keeps what was measured when it is interrupted in a tier', async () => {
    const rehearsal = new Rehearsal();
    rehearsal.tier = (plan) => {
      rehearsal.interrupt.abort();
      return { ...sampleTier(plan.connections).load, state: 'interrupted' };
    };
    const { outcome, tiers } = await run(rehearsal);
    expect(outcome).toMatchObject({
      state: 'interrupted',
      message: expect.stringContaining('10 connections'),
    });
    expect(tiers).toHaveLength(1);
  });

  it('starts no tier once it is interrupted', async () => {
    const rehearsal = new Rehearsal();
    rehearsal.interrupt.abort();
    const { outcome, tiers } = await run(rehearsal);
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
    const { outcome, tiers } = await run(rehearsal);
    expect(outcome).toMatchObject({ state: 'aborted', code: 'TL_TARGET_DIED' });
    expect(tiers).toHaveLength(1);
  });

  it('goes on when the target closed everybody but still answers: that is data', async () => {
    const rehearsal = new Rehearsal();
    rehearsal.tier = (plan) => ({ ...sampleTier(plan.connections).load, state: 'lost-target' });
    const { outcome, tiers } = await run(rehearsal);
    expect(outcome).toEqual({ state: 'completed' });
    expect(tiers).toHaveLength(2);
  });

  it('keeps earlier tiers when a worker fails, and lets defects through', async () => {
    const rehearsal = new Rehearsal();
    rehearsal.tier = (plan) => {
      if (plan.connections === 10) return sampleTier(10).load;
      throw new TouchlineError('TL_WORKER_FAILED', 'expected a worker to answer; it ended with SIGKILL');
    };
    const { outcome, tiers } = await run(rehearsal);
    expect(outcome).toMatchObject({ state: 'aborted', code: 'TL_WORKER_FAILED' });
    expect(tiers).toHaveLength(1);
    rehearsal.tier = () => {
      throw new TypeError('a defect');
    };
    await expect(run(rehearsal)).rejects.toThrow('a defect');
  });
});
