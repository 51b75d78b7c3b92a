import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScrapeClock } from './scrape-clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('ScrapeClock', () => {
  it('scrapes once a second, first after half of one', () => {
    const scrape = vi.fn();
    const clock = new ScrapeClock(scrape);
    clock.start();
    vi.advanceTimersByTime(4_000);
    expect(scrape).toHaveBeenCalledTimes(4);
    clock.stop();
  });

  it('counts only the time between start and stop', () => {
    const scrape = vi.fn();
    const clock = new ScrapeClock(scrape);
    for (let slice = 0; slice < 8; slice += 1) {
      clock.start();
      vi.advanceTimersByTime(500);
      clock.stop();
      vi.advanceTimersByTime(500);
    }
    expect(scrape).toHaveBeenCalledTimes(4);
    vi.advanceTimersByTime(10_000);
    expect(scrape).toHaveBeenCalledTimes(4);
  });
});
