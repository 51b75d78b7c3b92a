import { describe, expect, it } from 'vitest';
import { OtherLoad, parseProcessTicks } from './other-load.ts';

describe('the load of other programs', () => {
  it('reads the ticks of a process, whatever its name', () => {
    const stat = '12 (a) b (c)) S 7 12 12 0 -1 4194304 1 0 0 0 150 25 30 4 20 0 1 0 100 0 0';
    expect(parseProcessTicks(stat)).toEqual({ parentPid: 7, ticks: 175, endedChildrenTicks: 34 });
  });

  it.each(['', '12', '12 (node) S'])('has none in %j', (stat) => {
    expect(parseProcessTicks(stat)).toBeNull();
  });

  it('does not count what this process takes itself', () => {
    const others = new OtherLoad();
    expect(others.worstRatio).toBeUndefined();
    const end = others.watch();
    const untilMs = performance.now() + 400;
    while (performance.now() < untilMs);
    end();
    // One core of some was busy with the loop above. Others may be busy too, but not with that core.
    expect(others.worstRatio).toBeLessThan(1);
    expect(others.worstRatio).toBeGreaterThanOrEqual(0);
  });
});
