import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFakeSources } from '../testing/fake-metric-sources.ts';
import { createEventLoopMonitor, type EventLoopMonitor } from './event-loop.ts';
import { createGcMonitor } from './gc.ts';
import { createMetrics } from './metrics.ts';

let monitor: EventLoopMonitor | undefined;
afterEach(() => {
  monitor?.stop();
  vi.useRealTimers();
});

function blockLoop(durationMs: number): void {
  const untilMs = performance.now() + durationMs;
  while (performance.now() < untilMs);
}

/** Resolves after the sampler has fired at least `count` times more. */
async function samples(of: EventLoopMonitor, count: number): Promise<void> {
  const wanted = of.delaySeconds.count + count;
  while (of.delaySeconds.count < wanted) await new Promise((resolve) => setTimeout(resolve, 1));
}

const countAbove = (body: string, bound: number) => {
  const value = (le: string) =>
    Number(new RegExp(`touchline_loop_delay_seconds_bucket\\{le="${le}"\\} (\\S+)`).exec(body)?.[1]);
  return value('\\+Inf') - value(String(bound));
};

describe('the event-loop monitor', () => {
  it('shows a block of 150 ms in the histogram, and to every scraper alike', async () => {
    const loop = createEventLoopMonitor();
    monitor = loop;
    const metrics = createMetrics({
      sources: createFakeSources(),
      loop,
      gc: createGcMonitor(),
      version: '0',
      instrumentation: { isOn: true },
      now: () => performance.now(),
    });
    loop.start();
    await samples(loop, 2);
    const before = (await metrics.scrape(undefined)).body;
    blockLoop(150);
    await samples(loop, 2);
    const first = (await metrics.scrape(undefined)).body;
    const second = (await metrics.scrape(undefined)).body;
    // A tick late by about 140 ms records 140, 130, … : about nine values above 51.2 ms.
    const seen = countAbove(first, 0.0512) - countAbove(before, 0.0512);
    expect(seen).toBeGreaterThanOrEqual(8);
    expect(countAbove(second, 0.0512)).toBeGreaterThanOrEqual(countAbove(first, 0.0512));
    expect(loop.readinessP99Ms()).toBeGreaterThan(50);
  });

  it('counts active and idle time that only grow', async () => {
    const loop = createEventLoopMonitor();
    monitor = loop;
    loop.start();
    const activeBefore = loop.activeSeconds();
    const idleBefore = loop.idleSeconds();
    blockLoop(50);
    await samples(loop, 3);
    expect(loop.activeSeconds() - activeBefore).toBeGreaterThanOrEqual(0.05);
    expect(loop.idleSeconds()).toBeGreaterThanOrEqual(idleBefore);
  });

  it('samples every 10 ms from start to stop, once however often it is started', () => {
    vi.useFakeTimers();
    const loop = createEventLoopMonitor({ now: () => Date.now(), activeMs: () => Date.now() });
    loop.start();
    loop.start();
    vi.advanceTimersByTime(100);
    expect(loop.delaySeconds.count).toBe(10);
    loop.stop();
    vi.advanceTimersByTime(100);
    expect(loop.delaySeconds.count).toBe(10);
    expect(vi.getTimerCount()).toBe(0);
  });
});
