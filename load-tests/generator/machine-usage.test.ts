import { describe, expect, it } from 'vitest';
import { machineCpuRatio, parseMachineTicks } from './machine-usage.ts';

describe('machine usage', () => {
  it('reads busy and total ticks from /proc/stat', () => {
    const stat = 'cpu  100 5 50 800 20 3 7 15 9 0\ncpu0 1 2 3 4\n';
    expect(parseMachineTicks(stat)).toEqual({ busy: 180, total: 1_000 });
  });

  it('has no figure without the line, without a reading, or without time between', () => {
    expect(parseMachineTicks('intr 1 2 3')).toBeNull();
    expect(machineCpuRatio(null, { busy: 1, total: 2 })).toBeNull();
    expect(machineCpuRatio({ busy: 1, total: 2 }, { busy: 1, total: 2 })).toBeNull();
  });

  it('gives the busy share between two readings', () => {
    expect(machineCpuRatio({ busy: 100, total: 1_000 }, { busy: 150, total: 1_200 })).toBe(0.25);
  });
});
