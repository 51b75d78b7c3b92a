import { describe, expect, it } from 'vitest';
import {
  CHURN_PHASES,
  type ChurnObserver,
  type ChurnPlan,
} from '../../../load-tests/generator/churn/churn-plan.ts';
import type { ChurnResult } from '../../../load-tests/generator/churn/churn-result.ts';
import { MetricsReading } from '../../sampling/metrics-reading.ts';
import { Rehearsal } from '../../testing/rehearsal.ts';
import { sampleChurn } from '../../testing/sample-churn.ts';
import { sampleOptions } from '../../testing/sample-options.ts';
import type { ScenarioContext } from '../scenario.ts';
import { churn } from './churn.ts';

const OPTIONS = { quick: true, measureMs: 8_000, stormClients: 500 };

interface Staged {
  readonly plans: ChurnPlan[];
  readonly happened: readonly string[];
  readonly rehearsal: Rehearsal;
  readonly context: ScenarioContext;
}

/** @param held connections that the target says it holds, look by look; the last one stays */
function staged(held: readonly number[] = [0], result: Partial<ChurnResult> = {}): Staged {
  const rehearsal = new Rehearsal(OPTIONS);
  const plain = rehearsal.context();
  const plans: ChurnPlan[] = [];
  let looks = 0;
  const play = async (plan: ChurnPlan, observer: ChurnObserver): Promise<ChurnResult> => {
    plans.push(plan);
    for (const phase of CHURN_PHASES) {
      rehearsal.happened.push(phase);
      await observer.phase(phase);
    }
    const { load } = sampleChurn();
    if (load === null) throw new Error('the sample has a load');
    return plans.length === 1 ? load : { ...load, ...result };
  };
  const context: ScenarioContext = {
    ...plain,
    load: { ...plain.load, churn: play },
    target: {
      ...plain.target,
      overrides: [{ name: 'HEARTBEAT_SECS', value: '2', why: 'quick' }],
      view: {
        ...plain.target.view,
        scrape: async () => {
          const connections = held[Math.min(looks, held.length - 1)] ?? 0;
          looks += 1;
          rehearsal.happened.push('scrape');
          return new MetricsReading(performance.now(), [
            { name: 'touchline_connections', labels: {}, value: connections },
          ]);
        },
      },
    },
  };
  return { plans, happened: rehearsal.happened, rehearsal, context };
}

describe('churn', () => {
  it('warms up small and without silent clients, then does what was asked for, in the same match', async () => {
    const { plans, context } = staged();
    const { outcome, body } = await churn.run(context);
    expect(outcome).toEqual({ state: 'completed' });
    expect(
      plans.map(({ connectsPerSecond, churnMs, abruptRatio, stormClients }) => [
        connectsPerSecond,
        churnMs,
        abruptRatio,
        stormClients,
      ]),
    ).toEqual([
      [100, 1_000, 0, 100],
      [200, 8_000, 0.25, 500],
    ]);
    expect(plans[0]?.matchId).toBe(plans[1]?.matchId);
    expect(body).toMatchObject({ heartbeatMs: 2_000, serverWarmUp: { connections: 200 } });
    expect(plans[1]?.silentTimeoutMs).toBe(8_000);
  });

  it('looks at the baseline only when the target has let go of the warm-up', async () => {
    const { happened, context } = staged([0, 30, 12, 0]);
    await churn.run(context);
    const baseline = happened.indexOf('gc');
    const waits = happened.slice(0, baseline).filter((what) => what === 'wait 100');
    expect(waits).toHaveLength(2);
  });

  it('says how long the target held connections after churn and storm', async () => {
    const { context } = staged();
    const { body } = await churn.run(context);
    expect(body.releases.map(({ after, stillHeld }) => [after, stillHeld])).toEqual([
      ['churn', 0],
      ['storm', 0],
    ]);
    expect(body.samples.length).toBeGreaterThan(0);
  });

  it('waits for silent clients of an unknown heartbeat as long as the default needs', async () => {
    const { plans, context } = staged();
    const unknown = { ...context, target: { ...context.target, overrides: [] } };
    const { body } = await churn.run(unknown);
    expect(body.heartbeatMs).toBeNull();
    expect(plans[1]?.silentTimeoutMs).toBe(75_000);
  });

  it('keeps what was measured when it is interrupted in the storm', async () => {
    const { context, rehearsal, plans } = staged([0], { state: 'interrupted', storm: null });
    const load = {
      ...context.load,
      churn: async (plan: ChurnPlan, observer: ChurnObserver) => {
        const result = await context.load.churn(plan, observer);
        if (plans.length === 2) rehearsal.interrupt.abort();
        return result;
      },
    };
    const { outcome, body } = await churn.run({ ...context, load });
    expect(outcome).toEqual({ state: 'interrupted', message: 'stopped by a signal in the churn' });
    expect(body.load?.state).toBe('interrupted');
    expect([body.end, body.settled === null]).toEqual([null, false]);
  });

  it('aborts when the target dies, with what was measured', async () => {
    const { context, rehearsal } = staged([0], { state: 'lost-target' });
    rehearsal.answers = false;
    const { outcome, body } = await churn.run(context);
    expect(outcome).toMatchObject({ state: 'aborted', code: 'TL_TARGET_DIED' });
    expect(body.load?.state).toBe('lost-target');
  });

  it('shortens the heartbeat of a server it starts, and says why', () => {
    expect(churn.overrides(sampleOptions({ quick: true }))).toEqual([]);
    expect(churn.overrides(sampleOptions({ quick: false }))).toMatchObject([
      { name: 'HEARTBEAT_SECS', value: '5', why: expect.stringContaining('silent clients') },
    ]);
  });

  it('asks the rig for those that stay and those that are silent, or for the storm', () => {
    const demand = (connectsPerSecond: number, stormClients: number) =>
      churn.demand(sampleOptions({ connectsPerSecond, measureMs: 30_000, stormClients })).connections;
    expect(demand(200, 500)).toBe(913);
    expect(demand(200, 5_000)).toBe(5_000);
    const brief = sampleOptions({ connectsPerSecond: 5_000, measureMs: 100, stormClients: 0 });
    expect(churn.demand(brief).connections).toBe(500);
  });
});
