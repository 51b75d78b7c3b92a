import { describe, expect, it } from 'vitest';
import { churnPlan } from '../../testing/churn-plans.ts';
import { checkChurnPlan } from './churn-plan-check.ts';

const target = { wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' };

describe('a churn plan', () => {
  it('passes when it can be carried out', () => {
    expect(() => checkChurnPlan(churnPlan(target))).not.toThrow();
    expect(() =>
      checkChurnPlan(churnPlan(target, { abruptRatio: 0, stayMs: { min: 0, max: 0 } })),
    ).not.toThrow();
  });

  it.each([
    [{ runId: 'Not A Run' }, 'runId'],
    [{ target: { wsUrl: 'wss://127.0.0.1/ws', httpUrl: 'https://127.0.0.1' } }, 'lean'],
    [{ connectsPerSecond: 0 }, 'connectsPerSecond'],
    [{ churnMs: Number.NaN }, 'churnMs'],
    [{ broadcastsPerSecond: -1 }, 'broadcastsPerSecond'],
    [{ silentTimeoutMs: 0 }, 'silentTimeoutMs'],
    [{ connectsInFlight: 1.5 }, 'in flight'],
    [{ connectsPerSecond: 1_000_000, churnMs: 60_000 }, 'at most 1000000'],
    [{ abruptRatio: 1.1 }, 'abruptRatio'],
    [{ stayMs: { min: 5, max: 4 } }, 'stayMs'],
    [{ stormClients: -1 }, 'stormClients'],
    [{ stormAwayMs: Number.POSITIVE_INFINITY }, 'stormAwayMs'],
  ])('is refused: %j', (changes, named) => {
    expect(() => checkChurnPlan(churnPlan(target, changes))).toThrow(
      expect.objectContaining({ code: 'TL_PLAN_INVALID', message: expect.stringContaining(named) }),
    );
  });

  it('is told all that is wrong at once', () => {
    expect(() => checkChurnPlan(churnPlan(target, { churnMs: 0, abruptRatio: 2 }))).toThrow(
      /churnMs.*abruptRatio/,
    );
  });
});
