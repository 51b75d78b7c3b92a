import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChurnSampler } from './churn-sampler.ts';

const BLIND = { scrape: async () => null, collectGarbage: async () => false, askAdmin: async () => null };
const COUNTS = { held: 1, serverTimeWait: 2, clientTimeWait: 3 };

describe('ChurnSampler', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Samples for ten seconds; whether each sample has sockets. */
  async function seenWhen(lookMs: number): Promise<readonly boolean[]> {
    const readSockets = async () => {
      await new Promise((resolve) => setTimeout(resolve, lookMs));
      return COUNTS;
    };
    const sampler = new ChurnSampler({ view: BLIND, readSockets });
    sampler.begin();
    await vi.advanceTimersByTimeAsync(9_500);
    const paused = sampler.pause();
    await vi.advanceTimersByTimeAsync(1_000);
    await paused;
    return sampler.figures().samples.map(({ sockets }) => sockets !== null);
  }

  it('looks at the sockets in every sample where that costs little', async () => {
    expect(await seenWhen(10)).toEqual(Array(11).fill(true));
  });

  it('looks at a long list seldom, and at the end all the same', async () => {
    const seen = await seenWhen(200);
    expect(seen).toHaveLength(11);
    expect(seen.map((has, index) => (has ? index : -1)).filter((index) => index >= 0)).toEqual([0, 4, 8, 10]);
  });
});
