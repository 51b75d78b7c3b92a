import { describe, expect, it } from 'vitest';
import { atRate, joinAfterMs, onceEach, planOf, startRun } from './run-plan.ts';
import { K6_SCRIPTS } from './script-catalogue.ts';
import { readSettings } from './settings.ts';

const settings = readSettings({ CLIENTS: '1000', DURATION: '10s' }, K6_SCRIPTS.matches);
const plan = planOf(settings);

describe('the plan of a k6 test', () => {
  it('lets at most 500 clients a second join, before the load begins', () => {
    expect(plan).toEqual({
      joinSeconds: 5,
      durationSeconds: 10,
      drainSeconds: 1,
      leaveSeconds: 16,
      mostSeconds: 56,
    });
    const joins = Array.from({ length: 1_000 }, (_, index) => joinAfterMs(plan, index, 1_000));
    expect(joins.filter((ms) => ms < 1_000)).toHaveLength(400);
    expect(Math.max(...joins)).toBeLessThan(2_500);
  });

  it('gives each client one iteration that k6 never cuts short, and publishes by the clock', () => {
    expect(onceEach('watch', 1_000, plan)).toMatchObject({ vus: 1_000, iterations: 1, maxDuration: '56s' });
    expect(atRate('publish', 20, plan)).toMatchObject({
      executor: 'constant-arrival-rate',
      startTime: '5s',
      duration: '10s',
      rate: 20,
    });
  });

  it('names a run that has no name', () => {
    expect(startRun(settings, 1_795_814_736_268)).toEqual({
      runId: 'k6mwzhq6q4',
      startedAtMs: 1_795_814_736_268,
    });
    expect(startRun({ ...settings, runId: 'mine' }, 1).runId).toBe('mine');
  });
});
