import { describe, expect, it } from 'vitest';
import { Rehearsal } from '../../testing/rehearsal.ts';
import { closedTier } from '../../testing/sample-broadcast.ts';
import { sampleTier } from '../../testing/sample-tier.ts';
import { broadcast } from './broadcast.ts';

const OPTIONS = {
  quick: true,
  connections: 100,
  rates: [100, 400],
  measureMs: 1_000,
  publishers: 10,
  closedMs: 3_000,
  slowReaders: 1,
} as const;

describe('broadcast', () => {
  it('searches, publishes closed, and compares slow readers, each in a match of its own', async () => {
    const rehearsal = new Rehearsal(OPTIONS);
    rehearsal.judgement = ({ broadcastsPerSecond }) => (broadcastsPerSecond > 300 ? 'slow' : 'held');
    rehearsal.tier = (plan) =>
      plan.closedPublishers === undefined
        ? { ...sampleTier(100, { durationMs: 1_000 }).load, broadcastsPerSecond: plan.broadcastsPerSecond }
        : closedTier().load;
    const { outcome, body } = await broadcast.run(rehearsal.context());
    expect(outcome).toEqual({ state: 'completed' });
    expect(body.steps.map(({ kind, rate }) => [kind, rate])).toEqual([
      ['sweep', 100],
      ['sweep', 400],
      ['bisection', 200],
      ['confirmation', 200],
    ]);
    expect(body).toMatchObject({ sustainedRate: 200, rates: [100, 400], connections: 100 });
    expect(body.closed?.load.closedPublishers).toBe(10);
    expect(body.slowReaders.map(({ slowReaders, rate }) => [slowReaders, rate])).toEqual([
      [0, 100],
      [1, 100],
    ]);
    const plans = rehearsal.tierPlans;
    expect(new Set(plans.map(({ matchId }) => matchId)).size).toBe(plans.length);
    expect(plans.map(({ measureMs, fanOutShape }) => [measureMs, fanOutShape ?? false])).toEqual([
      ...Array.from({ length: 3 }, () => [1_000, true]),
      [2_000, true],
      [3_000, false],
      [4_500, false],
      [4_500, false],
    ]);
    expect(plans.at(-1)).toMatchObject({ slowReaders: 1, textLength: 2_000 });
    expect(plans.at(-2)).not.toHaveProperty('slowReaders');
  });

  it('leaves out what was not asked for', async () => {
    const rehearsal = new Rehearsal({ ...OPTIONS, rates: [100], closedMs: 0, slowReaders: 0 });
    const { body } = await broadcast.run(rehearsal.context());
    expect(body).toMatchObject({ closed: null, slowReaders: [] });
  });

  it('compares at the lowest rate where none is sustained', async () => {
    const rehearsal = new Rehearsal({ ...OPTIONS, closedMs: 0 });
    rehearsal.judgement = () => 'broken';
    const { body } = await broadcast.run(rehearsal.context());
    expect(body.sustainedRate).toBeNull();
    expect(body.steps).toHaveLength(1);
    expect(body.slowReaders.map(({ rate }) => rate)).toEqual([100, 100]);
  });

  it('keeps what was measured when it is interrupted', async () => {
    const rehearsal = new Rehearsal(OPTIONS);
    rehearsal.tier = (plan) => {
      if (rehearsal.plans.length === 3) rehearsal.interrupt.abort();
      return sampleTier(plan.connections).load;
    };
    const { outcome, body } = await broadcast.run(rehearsal.context());
    expect(outcome).toEqual({ state: 'interrupted', message: 'stopped by a signal in 400 broadcasts/s' });
    expect(body.steps).toHaveLength(2);
    expect(body.closed).toBeNull();
  });

  it('asks for a rig as large as its highest rate', () => {
    const { options } = new Rehearsal(OPTIONS).context();
    expect(broadcast.demand(options)).toEqual({ connections: 100, deliveriesPerSecond: 40_000 });
  });
});
