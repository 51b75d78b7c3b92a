import { describe, expect, it } from 'vitest';
import { testPlan } from '../testing/load-plans.ts';
import { checkPlan } from './load-plan-check.ts';

const target = { wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' };

describe('checkPlan', () => {
  it.each([undefined, 1, 1_000])('takes %s latency slots', (latencySlots) => {
    const changes = latencySlots === undefined ? {} : { latencySlots };
    expect(() => checkPlan(testPlan(target, changes))).not.toThrow();
  });

  it.each([0, -1, 1.5, 1_001, Number.NaN])('refuses %d latency slots', (latencySlots) => {
    expect(() => checkPlan(testPlan(target, { latencySlots }))).toThrowError(
      expect.objectContaining({
        code: 'TL_PLAN_INVALID',
        message: expect.stringContaining('a whole number of latency slots, 1 to 1000'),
      }),
    );
  });
});
