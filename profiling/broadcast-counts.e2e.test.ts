/** The scenario end to end on dist/, where counts decide: what each part does, and what each fault does to it, as the server counts. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputFolderOf } from '../server/testing/output-folder.ts';
import type { BroadcastRecord } from './record/broadcast-record.ts';
import type { TierRecord } from './record/tier-record.ts';
import {
  BROADCAST,
  ProfilerProcess,
  printedVerdict,
  recordIn,
  runProfiler,
} from './testing/profiler-process.ts';

/** What another process on the machine does to latencies decides nothing here. */
const ONLY_COUNTS = ['p50', 'p95', 'p99'].flatMap((name) => ['--threshold', `${name}=60s`]);
const TINY = [
  ...['--quick', '--connections', '20', '--duration', '1s', '--warm-up', '200ms', '--seed', '7'],
  ...ONLY_COUNTS,
];

/** Every load of a run. */
function loadsOf({ steps, closed, slowReaders }: BroadcastRecord): readonly TierRecord[] {
  return [
    ...steps.map(({ tier }) => tier),
    ...(closed === null ? [] : [closed]),
    ...slowReaders.map(({ tier }) => tier),
  ];
}

describe.concurrent('profile:broadcast', () => {
  it('goes through every part without a loss, and leaves nothing running', async (test) => {
    const folder = await outputFolderOf(test);
    const argv = [...TINY, '--rates', '60', '--closed', '1s', '--out', folder];
    const profiler = new ProfilerProcess(BROADCAST, argv);
    const { exit, stdout, stderr } = await profiler.ended;
    expect([0, 4], stdout + stderr).toContain(exit);
    expect(stdout).toContain('(closed)');
    expect(profiler.leftovers()).toEqual([]);
    const record = recordIn(folder, 'broadcast');
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
    expect(existsSync(join(folder, 'fan-out-over-rate.svg'))).toBe(true);
  });
});

describe.concurrent('each fault fails the right check with the count of the server', () => {
  const CASES = [
    { fault: 'drop-deliveries=1%', closed: '1s', check: 'lost', count: 'lost' },
    { fault: 'duplicate-deliveries=0.5%', closed: '1s', check: 'duplicated', count: 'duplicated' },
    { fault: 'reorder-deliveries=1%', closed: '0', check: 'out-of-order', count: 'outOfOrder' },
    { fault: 'wrong-room=0.5%', closed: '0', check: 'wrong-room', count: 'wrongRoom' },
  ] as const;

  it.for(CASES)('$fault, over all loads', async ({ fault, closed, check, count }, test) => {
    const folder = await outputFolderOf(test);
    const [name = ''] = fault.split('=');
    const load = ['--rates', '100', '--closed', closed, '--slow-readers', '0'];
    const argv = [...TINY, ...load, '--fault', fault, '--out', folder, '--json'];
    // What is lost is lost on a sick rig, too.
    const { exit, stdout, stderr } = await runProfiler(BROADCAST, argv);
    expect(exit, stdout + stderr).toBe(1);
    const record = recordIn(folder, 'broadcast');
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
