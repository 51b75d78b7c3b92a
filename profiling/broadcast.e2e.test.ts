/** The scenario end to end on dist/: what passes, and what each fault does to it, counted exactly as the server counts. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BroadcastRecord } from './record/broadcast-record.ts';
import type { TierRecord } from './record/tier-record.ts';
import {
  BROADCAST,
  printedVerdict,
  recordIn,
  runOnHealthyRig,
  temporaryFolder,
} from './testing/profiler-process.ts';

let out: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  out = await temporaryFolder();
});
afterEach(async () => {
  await out.remove();
});

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
  it('passes a healthy server through every part, and leaves nothing running', async () => {
    const argv = [...TINY, '--rates', '20,60', '--closed', '1s', '--out', out.path];
    const { exit, stdout, stderr, profiler } = await runOnHealthyRig(BROADCAST, argv);
    expect(stdout, stderr).toMatch(/^Pass: the server sustained 60 broadcasts\/s to 20 members/);
    expect(exit).toBe(0);
    expect(stdout).toContain('(closed)');
    expect(profiler.leftovers()).toEqual([]);
    const record = recordIn(out.path, 'broadcast');
    expect(record).toMatchObject({ outcome: { state: 'completed' }, sustainedRate: 60, connections: 20 });
    expect(record.steps.map(({ kind }) => kind)).toEqual(['sweep', 'sweep', 'confirmation']);
    expect(record.steps.at(-1)?.tier.load.fanOut).toMatchObject({ broadcasts: 120, members: 20 });
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
    { fault: 'drop-deliveries=1%', check: 'lost', count: 'lost' },
    { fault: 'duplicate-deliveries=0.5%', check: 'duplicated', count: 'duplicated' },
    { fault: 'reorder-deliveries=1%', check: 'out-of-order', count: 'outOfOrder' },
    { fault: 'wrong-room=0.1%', check: 'wrong-room', count: 'wrongRoom' },
  ] as const;

  it.each(CASES)('$fault, over all loads', async ({ fault, check, count }) => {
    const [name = ''] = fault.split('=');
    const load = ['--rates', '100', '--closed', '1s', '--slow-readers', '0'];
    const argv = [...TINY, ...load, '--fault', fault, '--out', out.path, '--json'];
    const { exit, stdout, stderr } = await runOnHealthyRig(BROADCAST, argv);
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
    expect(loads.length).toBeGreaterThanOrEqual(2);
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
