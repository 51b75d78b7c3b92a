import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MetricsReading } from './metrics-reading.ts';
import { WindowSampler } from './window-sampler.ts';

describe('WindowSampler', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A target that used half a core and answers after a while, or not at all. */
  function target(answerAfterMs = 0, fails: (scrape: number) => boolean = () => false) {
    let scrapes = 0;
    return {
      asked: () => scrapes,
      collectGarbage: async () => false,
      askAdmin: async () => null,
      scrape: async () => {
        scrapes += 1;
        const failing = fails(scrapes);
        if (answerAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, answerAfterMs));
        if (failing) return null;
        const atMs = performance.now();
        return new MetricsReading(atMs, [
          { name: 'process_cpu_seconds_total', labels: {}, value: (atMs / 1_000) * 0.5 },
        ]);
      },
    };
  }

  it('takes the first reading at once, one a second, and the last at the end', async () => {
    const server = target();
    const sampler = new WindowSampler(server);
    sampler.begin();
    await vi.advanceTimersByTimeAsync(2_500);
    const { window, samples } = await sampler.end();
    expect(samples.map(({ elapsedMs }) => Math.round(elapsedMs))).toEqual([1_000, 2_000, 2_500]);
    expect(window.cpuCores).toBeCloseTo(0.5);
    for (const { cpuCores } of samples) expect(cpuCores).toBeCloseTo(0.5);
  });

  it('stops asking after the end, and gives the same again', async () => {
    const server = target();
    const sampler = new WindowSampler(server);
    sampler.begin();
    await vi.advanceTimersByTimeAsync(1_000);
    const first = await sampler.end();
    const asked = server.asked();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.asked()).toBe(asked);
    expect(await sampler.end()).toEqual(first);
  });

  it('does not pile up questions on a slow target', async () => {
    const server = target(2_500);
    const sampler = new WindowSampler(server);
    sampler.begin();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(server.asked()).toBe(2);
  });

  it('skips a failed scrape and covers the gap with the next sample', async () => {
    const sampler = new WindowSampler(target(0, (scrape) => scrape === 2));
    sampler.begin();
    await vi.advanceTimersByTimeAsync(2_000);
    const { samples } = await sampler.end();
    expect(samples[0]?.elapsedMs).toBeCloseTo(2_000);
  });

  it('has no figures of a window that was over before the first answer came', async () => {
    const sampler = new WindowSampler(target(2_500));
    sampler.begin();
    await vi.advanceTimersByTimeAsync(1_000);
    const ended = sampler.end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await ended).toMatchObject({ samples: [], window: { cpuCores: null } });
  });

  it('has no figures when it never began or saw one reading only', async () => {
    expect((await new WindowSampler(target()).end()).window.cpuCores).toBeNull();
    const once = new WindowSampler(target(0, (scrape) => scrape > 1));
    once.begin();
    expect(await once.end()).toMatchObject({ samples: [], window: { cpuCores: null } });
  });
});
