import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { monotonicUs } from '../../monotonic-clock.ts';
import { SlowReaders } from './slow-readers.ts';

describe('SlowReaders', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('pauses those that are open when the time comes', () => {
    const paused: number[] = [];
    const open = [4, 5, 6];
    const slow = new SlowReaders({ pause: (client) => paused.push(client) });
    slow.pauseAt(monotonicUs() + 1e6, () => open);
    vi.advanceTimersByTime(999);
    expect(paused).toEqual([]);
    open.pop();
    vi.advanceTimersByTime(2);
    expect(paused).toEqual([4, 5]);
    expect(slow.open).toBe(2);
  });

  it('counts the ends it sees, of its own only', () => {
    const slow = new SlowReaders({ pause: () => undefined });
    slow.pauseAt(monotonicUs(), () => [4, 5]);
    expect(slow.ended(4, 'ECONNRESET')).toBe(false);
    vi.runAllTimers();
    expect(slow.ended(1, 'close_4002')).toBe(false);
    expect(slow.ended(4, 'ECONNRESET')).toBe(true);
    expect(slow.ended(4, 'ECONNRESET')).toBe(false);
    expect(slow.open).toBe(1);
    expect(slow.report()).toEqual({ count: 2, ended: [{ reason: 'ECONNRESET', count: 1 }] });
  });

  it('pauses nobody once the load is over', () => {
    const slow = new SlowReaders({ pause: () => undefined });
    slow.pauseAt(monotonicUs() + 1e6, () => [4]);
    slow.stopWaiting();
    vi.runAllTimers();
    expect(slow.report()).toEqual({ count: 0, ended: [] });
  });
});
