import { describe, expect, it } from 'vitest';
import { Rehearsal } from '../../testing/rehearsal.ts';
import { sampleTier } from '../../testing/sample-tier.ts';
import { overhead } from './overhead.ts';

const SMALL = { connections: 10, rounds: 4, broadcastsPerSecond: 600 };

async function run(rehearsal: Rehearsal) {
  const { outcome, body } = await overhead.run(rehearsal.context());
  return { outcome, ...body };
}

describe('overhead', () => {
  it('starts the other servers beside the target, and ends them', async () => {
    const rehearsal = new Rehearsal(SMALL);
    const { outcome, arms } = await run(rehearsal);
    expect(outcome).toEqual({ state: 'completed' });
    expect(arms.map(({ name }) => name)).toEqual(['off', 'metrics', 'twin', 'debug-log', 'cpu-profile']);
    expect(rehearsal.variants.map(({ name }) => name)).toEqual(['twin', 'debug-log', 'cpu-profile']);
    expect(rehearsal.variants[2]?.nodeOptions('/run')).toContain('--cpu-prof-dir=/run/cpu-profile');
    const ended = rehearsal.happened.filter((what) => what.startsWith('close '));
    expect(ended).toEqual(['close twin', 'close debug-log', 'close cpu-profile']);
  });

  it('gives what is judged a turn in each round, the others one in six; the same load, a match of its own', async () => {
    const rehearsal = new Rehearsal({ ...SMALL, rounds: 7 });
    const { turns } = await run(rehearsal);
    const armsIn = (round: number) =>
      turns
        .filter((turn) => turn.round === round)
        .flatMap(({ parts }) => parts.map(({ arm }) => arm))
        .sort();
    for (const round of [1, 7]) {
      expect(armsIn(round)).toEqual(['cpu-profile', 'debug-log', 'metrics', 'off', 'twin']);
    }
    for (const round of [2, 3, 4, 5, 6]) expect(armsIn(round)).toEqual(['metrics', 'off']);
    expect(turns).toHaveLength(13);
    const measured = rehearsal.plans.slice(4);
    expect(new Set(measured.map(({ matchId }) => matchId)).size).toBe(13);
    expect(new Set(measured.map(({ target }) => target.wsUrl)).size).toBe(4);
    expect(new Set(measured.map((plan) => `${plan.connections} ${plan.broadcastsPerSecond}`))).toEqual(
      new Set(['10 600']),
    );
  });

  it('has the latencies of each turn kept apart, so that they can be told by arm', async () => {
    const rehearsal = new Rehearsal({ ...SMALL, measureMs: 4_000 });
    await run(rehearsal);
    expect(new Set(rehearsal.plans.slice(4).map(({ latencySlots }) => latencySlots))).toEqual(new Set([80]));
  });

  it('warms every server up first, no longer than it is measured', async () => {
    const rehearsal = new Rehearsal(SMALL);
    await run(rehearsal);
    const warmUps = rehearsal.plans.slice(0, 4);
    expect(new Set(warmUps.map(({ target }) => target.wsUrl)).size).toBe(4);
    expect(new Set(warmUps.map(({ measureMs }) => measureMs))).toEqual(new Set([4_000]));
  });

  it('counts the deliveries of the measured window', async () => {
    const { turns } = await run(new Rehearsal(SMALL));
    const [turn] = turns;
    expect(turn?.parts.reduce((total, { deliveries }) => total + deliveries, 0)).toBeCloseTo(1_000);
  });

  it('keeps the turns of a run that is interrupted, and ends its servers', async () => {
    const rehearsal = new Rehearsal(SMALL);
    rehearsal.tier = (plan) => {
      if (rehearsal.plans.length === 7) rehearsal.interrupt.abort();
      return sampleTier(plan.connections).load;
    };
    const { outcome, turns } = await run(rehearsal);
    expect(outcome).toMatchObject({ state: 'interrupted', message: expect.stringContaining('round 1') });
    expect(turns).toHaveLength(3);
    expect(rehearsal.happened).toContain('close cpu-profile');
  });

  it('ends the servers it started when one more cannot be started', async () => {
    const rehearsal = new Rehearsal(SMALL);
    const context = rehearsal.context();
    const failing = {
      ...context,
      spawnVariant: (variant: Parameters<typeof context.spawnVariant>[0]) =>
        variant.name === 'cpu-profile'
          ? Promise.reject(new Error('no more processes'))
          : context.spawnVariant(variant),
    };
    await expect(overhead.run(failing)).rejects.toThrow('no more processes');
    expect(rehearsal.happened.filter((what) => what.startsWith('close '))).toEqual([
      'close twin',
      'close debug-log',
    ]);
  });

  it('ends with what was measured when a server dies', async () => {
    const rehearsal = new Rehearsal(SMALL);
    rehearsal.tier = (plan) => {
      const died = rehearsal.plans.length === 6;
      if (died) rehearsal.answers = false;
      return { ...sampleTier(plan.connections).load, ...(died ? { state: 'lost-target' as const } : {}) };
    };
    const { outcome, turns } = await run(rehearsal);
    expect(outcome).toMatchObject({ state: 'aborted', code: 'TL_TARGET_DIED' });
    expect(turns).toHaveLength(2);
  });
});
