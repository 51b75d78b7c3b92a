/** The scenario end to end on dist/: what passes, and what each fault does to it, counted exactly as the server counts. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BroadcastRecord } from './record/broadcast-record.ts';
import type { TierRecord } from './record/tier-record.ts';
import { outputFolder } from './testing/output-folder.ts';
import {
  BROADCAST,
  ProfilerProcess,
  printedVerdict,
  recordIn,
  runOnHealthyRig,
  runProfiler,
  wasMachineFull,
} from './testing/profiler-process.ts';

const out = outputFolder();

const TINY = ['--quick', '--connections', '20', '--duration', '1s', '--warm-up', '200ms', '--seed', '7'];

/** Every load of a run. */
function loadsOf({ steps, closed, slowReaders }: BroadcastRecord): readonly TierRecord[] {
  return [
    ...steps.map(({ tier }) => tier),
    ...(closed === null ? [] : [closed]),
    ...slowReaders.map(({ tier }) => tier),
  ];
}

describe('profile:broadcast', () => {
  it('passes a healthy server', async () => {
    const argv = [...TINY, '--rates', '20,60', '--closed', '0', '--slow-readers', '0', '--out', out.path];
    const { exit, stdout, stderr } = await runOnHealthyRig(BROADCAST, argv);
    const record = recordIn(out.path, 'broadcast');
    if (exit === 4) {
      expect(record.steps.map(({ tier }) => tier).some(wasMachineFull), stdout + stderr).toBe(true);
      return;
    }
    expect(stdout, stderr).toMatch(/^Pass: the server sustained 60 broadcasts\/s to 20 members/);
    expect(exit).toBe(0);
    expect(record).toMatchObject({ outcome: { state: 'completed' }, sustainedRate: 60, connections: 20 });
    const kinds = record.steps.map(({ kind }) => kind);
    expect([kinds[0], kinds.at(-1)]).toEqual(['sweep', 'confirmation']);
    expect(record.steps.at(-1)?.tier.load.fanOut).toMatchObject({ broadcasts: 120, members: 20 });
  });

  it('goes through every part without a loss, and leaves nothing running', async () => {
    const argv = [...TINY, '--rates', '60', '--closed', '1s', '--out', out.path];
    const profiler = new ProfilerProcess(BROADCAST, argv);
    const { exit, stdout, stderr } = await profiler.ended;
    expect([0, 4], stdout + stderr).toContain(exit);
    expect(stdout).toContain('(closed)');
    expect(profiler.leftovers()).toEqual([]);
    const record = recordIn(out.path, 'broadcast');
    expect(record).toMatchObject({ outcome: { state: 'completed' } });
    expect(record.closed?.load.publish.accepted).toBeGreaterThan(20);
    const [everybody, others] = record.slowReaders.map(({ tier }) => tier);
    expect(everybody?.load.slowReaders).toBeUndefined();
    expect(others?.load.slowReaders?.count).toBe(1);
    // The window of the comparison is as long as a silent reader can stay unnoticed.
    expect(others?.serverCounters.heartbeatsMissed).toBe(1);
    for (const { load, serverCounters } of loadsOf(record)) {
      expect(load.ledger).toMatchObject({ lost: 0, duplicated: 0, outOfOrder: 0, wrongRoom: 0 });
      expect(serverCounters.broadcasts).toBeGreaterThanOrEqual(load.publish.accepted);
    }
    expect(existsSync(join(out.path, 'fan-out-over-rate.svg'))).toBe(true);
  });
});

describe('each fault fails the right check with the count of the server', () => {
  const CASES = [
    { fault: 'drop-deliveries=1%', closed: '1s', check: 'lost', count: 'lost' },
    { fault: 'duplicate-deliveries=0.5%', closed: '1s', check: 'duplicated', count: 'duplicated' },
    { fault: 'reorder-deliveries=1%', closed: '0', check: 'out-of-order', count: 'outOfOrder' },
    { fault: 'wrong-room=0.5%', closed: '0', check: 'wrong-room', count: 'wrongRoom' },
  ] as const;

  it.each(CASES)('$fault, over all loads', async ({ fault, closed, check, count }) => {
    const [name = ''] = fault.split('=');
    const load = ['--rates', '100', '--closed', closed, '--slow-readers', '0'];
    const argv = [...TINY, ...load, '--fault', fault, '--out', out.path, '--json'];
    // What is lost is lost on a sick rig, too.
    const { exit, stdout, stderr } = await runProfiler(BROADCAST, argv);
    expect(exit, stdout + stderr).toBe(1);
    const record = recordIn(out.path, 'broadcast');
    const loads = loadsOf(record);
    const harmed = loads.reduce((sum, tier) => sum + tier.load.ledger[count], 0);
    const counted = loads.reduce(
      (sum, { serverCounters }) => sum + (serverCounters.faultInjections?.[name] ?? Number.NaN),
      0,
    );
    expect(harmed).toBeGreaterThan(5);
    expect(harmed).toBe(counted);
    expect(record.closed === null).toBe(closed === '0');
    const { checks } = printedVerdict(stdout);
    expect(checks.find((found) => found.name === check)).toMatchObject({ verdict: 'fail', observed: harmed });
    const others = CASES.map((other) => other.check).filter((other) => other !== check);
    for (const other of others) {
      expect(checks.find((found) => found.name === other)).toMatchObject({ verdict: 'pass', observed: 0 });
    }
    if (check === 'lost') {
      expect(
        loads.reduce((sum, { serverCounters }) => sum + (serverCounters.droppedByReason['fault'] ?? 0), 0),
      ).toBe(harmed);
    }
  });
});
