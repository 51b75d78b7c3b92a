import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScrapeWatch } from './scrape-watch.ts';

beforeEach(() => vi.useFakeTimers({ now: 10_000 }));
afterEach(() => vi.useRealTimers());

function scraped(...atMs: readonly number[]): ScrapeWatch {
  const watch = new ScrapeWatch(() => Date.now());
  for (const at of atMs) watch.answered(at);
  return watch;
}

/** How long lingering takes, when scrapes come at these times. */
async function lingerMs(watch: ScrapeWatch, comingAtMs: readonly number[] = []): Promise<number> {
  const from = Date.now();
  let took: number | undefined;
  void watch.linger(2_000).then(() => {
    took = Date.now() - from;
  });
  await vi.advanceTimersByTimeAsync(0);
  while (took === undefined) {
    await vi.advanceTimersByTimeAsync(10);
    if (comingAtMs.includes(Date.now() - from)) watch.answered(Date.now());
    if (Date.now() - from > 10_000) throw new Error('it lingers for ever');
  }
  return took;
}

describe('ScrapeWatch', () => {
  it('does not linger where nobody ever scraped', async () => {
    const watch = scraped();
    expect(watch.isWatched).toBe(false);
    expect(await lingerMs(watch)).toBeLessThanOrEqual(10);
  });

  it('waits for the next scrape, and for as long as scrapes are apart', async () => {
    expect(await lingerMs(scraped(8_300, 9_300), [300, 1_300])).toBe(1_000);
    expect(await lingerMs(scraped(Date.now() - 600, Date.now() - 100), [400])).toBe(500);
  });

  it('waits no longer than it may', async () => {
    expect(await lingerMs(scraped(4_000, 9_000))).toBe(2_000);
    expect(await lingerMs(scraped(9_000))).toBe(2_000);
  });

  it('takes a scrape that came before the end for none', async () => {
    const watch = scraped(9_500);
    const ended = lingerMs(watch);
    watch.answered(9_999);
    expect(await ended).toBe(2_000);
  });
});
