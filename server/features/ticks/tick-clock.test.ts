import { describe, expect, it } from 'vitest';
import { TickClock } from './tick-clock.ts';

describe('TickClock', () => {
  it('runs on hrtime from the Unix time at its start, whatever that does later', () => {
    let hrtimeNs = 77_000n;
    let epochMs = 1_763_689_000_123.457;
    const clock = new TickClock({ nowMs: () => 0, epochMs: () => epochMs, hrtimeNs: () => hrtimeNs });
    expect([clock.startSecond, clock.startNsInSecond]).toEqual([1_763_689_000, 123_457_000]);
    hrtimeNs += 1_500n;
    epochMs -= 3_600_000;
    expect(clock.nowNs()).toBe(1_500);
    expect(clock.reading()).toEqual({ hrtimeNs: '78500', epochNs: '1763689000123458500' });
  });
});
