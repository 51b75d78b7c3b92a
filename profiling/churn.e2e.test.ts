/** The scenario churn end to end on dist/: what passes, and what each fault does to it. */

import { describe, expect, it } from 'vitest';
import { outputFolder } from '../server/testing/output-folder.ts';
import { CHURN, printedVerdict, recordIn, runOnHealthyRig } from './testing/profiler-process.ts';

/** 200 clients, of which 25 are reset and 25 fall silent; a heartbeat of 2 s. */
const TINY = ['--quick', '--duration', '1s', '--connects', '200', '--storm', '50', '--seed', '7'];

const out = outputFolder();

const churnRecord = () => recordIn(out.path, 'churn');

/** Runs with faults; how often each did its harm in what was measured. */
async function faulty(...faults: readonly string[]) {
  const argv = [...TINY, ...faults.flatMap((fault) => ['--fault', fault]), '--out', out.path, '--json'];
  const { exit, stdout, stderr } = await runOnHealthyRig(CHURN, argv);
  expect(exit, stdout + stderr).toBe(1);
  const { checks } = printedVerdict(stdout);
  const record = churnRecord();
  const harm = (fault: string) =>
    (record.serverCounters.faultInjections?.[fault] ?? 0) +
    (record.stormCounters.faultInjections?.[fault] ?? 0);
  const observed = (name: string) => checks.find((check) => check.name === name)?.observed ?? Number.NaN;
  const failed = checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
  return { failed, observed, harm, record };
}

describe('profile:churn', () => {
  it('passes a healthy server: nothing left, silent clients found in time, all back from the storm', async () => {
    const { exit, stdout, stderr, profiler } = await runOnHealthyRig(CHURN, [...TINY, '--out', out.path]);
    expect(stdout, stderr).toMatch(
      /^Pass: 200 clients came and went at 200\/s, 50 of them without a goodbye/,
    );
    expect(exit).toBe(0);
    expect(profiler.leftovers()).toEqual([]);
    const { load, baseline, end, heartbeatMs, serverCounters, stormCounters } = churnRecord();
    expect(load?.ends).toMatchObject({ clean: 150, reset: 25, halfOpen: 25, unasked: [] });
    expect(load?.halfOpen).toMatchObject({ silent: 25, detected: 25 });
    expect(serverCounters).toMatchObject({ opened: 200, heartbeatsMissed: 25 });
    expect([heartbeatMs, stormCounters.opened]).toEqual([2_000, 100]);
    expect(load?.storm).toMatchObject({ clients: 50, recovered: 50, failures: [] });
    expect(load?.storm?.givenBack).toBe(load?.storm?.missed);
    expect(load?.storm?.missed).toBeGreaterThan(0);
    expect(end?.lifecycle?.structures['hub.connections']).toBe(0);
    expect((end?.lifecycle?.openFds ?? 0) - (end?.sockets?.held ?? 0)).toBe(
      (baseline.lifecycle?.openFds ?? 0) - (baseline.sockets?.held ?? 0),
    );
    expect(end?.sockets?.serverTimeWait).toBeGreaterThanOrEqual(0);
  });

  it('half-close, leak-room-members and refuse-connections together: each counted to the last one', async () => {
    const { failed, observed, harm, record } = await faulty(
      ...['half-close', 'leak-room-members=5%', 'refuse-connections=2%'],
    );
    expect(failed).toEqual(['not-connected', 'structures', 'classes', 'release-time', 'not-recovered']);
    // Whom it hid is held until the heartbeat, and nobody else is.
    expect(observed('release-time')).toBeGreaterThanOrEqual(1_900);
    const missed =
      (record.serverCounters.heartbeatsMissed ?? 0) + (record.stormCounters.heartbeatsMissed ?? 0);
    expect(harm('half-close')).toBeGreaterThan(20);
    expect(missed - (record.load?.halfOpen.detected ?? 0)).toBe(harm('half-close'));
    const grown = (name: string) =>
      (record.end?.lifecycle?.structures[name] ?? 0) - (record.baseline.lifecycle?.structures[name] ?? 0);
    expect(harm('leak-room-members')).toBeGreaterThan(0);
    expect(grown('hub.connections')).toBe(0);
    expect(grown('hub.roomMembers')).toBe(harm('leak-room-members'));
    expect(observed('not-connected')).toBe(harm('refuse-connections'));
    expect(observed('not-connected')).toBe(
      (record.serverCounters.refused ?? 0) + (record.stormCounters.refused ?? 0),
    );
  });
});
