import { constants } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { countGcEntries, createGcMonitor, emptyPauses } from './gc.ts';

const entry = (kind: unknown, durationMs: number) => ({ duration: durationMs, detail: { kind } });

describe('countGcEntries', () => {
  it('counts every entry of a batch, each under its kind', () => {
    const pauses = emptyPauses();
    countGcEntries(
      [
        entry(constants.NODE_PERFORMANCE_GC_MINOR, 1),
        entry(constants.NODE_PERFORMANCE_GC_MINOR, 3),
        entry(constants.NODE_PERFORMANCE_GC_MAJOR, 40),
        entry(constants.NODE_PERFORMANCE_GC_INCREMENTAL, 2),
        entry(constants.NODE_PERFORMANCE_GC_WEAKCB, 0.1),
      ],
      pauses,
    );
    expect(pauses.minor.count).toBe(2);
    expect(pauses.minor.sum).toBeCloseTo(0.004, 12);
    expect(pauses.major.sum).toBeCloseTo(0.04, 12);
    expect(pauses.incremental.count).toBe(1);
    expect(pauses.weakcb.count).toBe(1);
  });

  it('leaves out entries whose kind nobody knows', () => {
    const pauses = emptyPauses();
    countGcEntries(
      [entry(4_711, 1), entry('major', 1), { duration: 1 }, { duration: 1, detail: null }],
      pauses,
    );
    expect(Object.values(pauses).map(({ count }) => count)).toEqual([0, 0, 0, 0]);
  });
});

describe('the GC monitor', () => {
  it('sees all of several collections in a row, though they come in one batch', async () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    if (typeof collect !== 'function') throw new Error('expected gc() to be there');
    const monitor = createGcMonitor();
    monitor.start();
    try {
      const before = monitor.pauses().major.count;
      for (let collection = 0; collection < 5; collection += 1) collect();
      // Node hands the entries over in a turn of the loop.
      for (let turn = 0; turn < 20 && monitor.pauses().major.count < before + 5; turn += 1) {
        await new Promise(setImmediate);
      }
      expect(monitor.pauses().major.count).toBeGreaterThanOrEqual(before + 5);
    } finally {
      monitor.stop();
    }
  });
});
