import { describe, expect, it } from 'vitest';
import type { TickConfigValues } from '../../protocol/tick-messages.ts';
import { FakeTimers } from '../../testing/fake-timers.ts';
import { TickConfig } from './tick-config.ts';
import { TickRamp } from './tick-ramp.ts';

function makeConfig(maxRate = 1_000_000) {
  const changes: Partial<TickConfigValues>[] = [];
  const config = new TickConfig({ maxRate, fanOut: 'corked', onChange: (values) => changes.push(values) });
  return { config, changes };
}

describe('TickConfig', () => {
  it('begins with a thousand ticks a second, and takes any part', () => {
    const { config, changes } = makeConfig();
    const start = {
      rate: 1_000,
      rampEnabled: false,
      rampPercent: 10,
      rampIntervalSec: 5,
      format: 'json',
      source: 'unique',
      fanOut: 'corked',
    };
    expect(config.values).toEqual(start);
    expect(config.change({ rate: 5, format: 'binary' })).toEqual({ ...start, rate: 5, format: 'binary' });
    expect(changes).toHaveLength(1);
  });

  it('begins no higher than it may go', () => {
    expect(makeConfig(300).config.values.rate).toBe(300);
  });

  it.each([
    [1_000, 10, 1_100],
    [1_001, 10, 1_101],
    [100, 15, 115],
    [1, 10, 2],
    [5, 0.1, 6],
    [900_000, 50, 1_000_000],
    [1_000_000, 10, 1_000_000],
  ])('a step of the ramp from %i by %f %% goes to %i', (rate, rampPercent, expected) => {
    const { config } = makeConfig();
    config.change({ rate, rampPercent });
    config.ramp();
    expect(config.values.rate).toBe(expected);
  });
});

describe('TickRamp', () => {
  function makeRamp() {
    const { config } = makeConfig();
    const timers = new FakeTimers();
    return { config, timers, ramp: new TickRamp(config, timers) };
  }

  it('raises the rate at each interval while somebody reads', () => {
    const { config, timers, ramp } = makeRamp();
    config.change({ rampEnabled: true });
    ramp.settingsChanged();
    timers.advance(60_000);
    expect([config.values.rate, ramp.timers]).toEqual([1_000, 0]);
    ramp.start();
    timers.advance(4_999);
    expect(config.values.rate).toBe(1_000);
    timers.advance(1);
    expect(config.values.rate).toBe(1_100);
    timers.advance(5_000);
    expect(config.values.rate).toBe(1_210);
    ramp.stop();
    expect([timers.size, ramp.timers]).toEqual([0, 0]);
  });

  it('begins and ends when it is switched, and takes a new interval at once', () => {
    const { config, timers, ramp } = makeRamp();
    ramp.start();
    timers.advance(10_000);
    config.change({ rampEnabled: true });
    ramp.settingsChanged();
    timers.advance(4_000);
    config.change({ rampIntervalSec: 1 });
    ramp.settingsChanged();
    timers.advance(1_000);
    expect(config.values.rate).toBe(1_100);
    config.change({ rampEnabled: false });
    ramp.settingsChanged();
    timers.advance(10_000);
    expect(config.values.rate).toBe(1_100);
  });
});
