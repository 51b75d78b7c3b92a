import { describe, expect, it } from 'vitest';
import { checkOf, judgeSample, judgeTiers } from '../../../testing/judge-sample.ts';
import { sampleTier } from '../../../testing/sample-tier.ts';

describe('memory per connection', () => {
  const weighing = (
    bytes: number,
    change: { forcedGc?: boolean; jitterBytes?: number; blind?: boolean } = {},
  ) => {
    const { memory } = sampleTier(10);
    if (memory === null) throw new Error('the sample has memory');
    const sample = (connections: number) => ({
      ...memory,
      connections,
      forcedGc: change.forcedGc ?? true,
      rssBytes:
        change.blind === true
          ? null
          : 60e6 + bytes * connections + (change.jitterBytes ?? 0) * (connections === 100 ? 1 : 0),
    });
    const tiers = [10, 100, 500].map((connections) =>
      sampleTier(connections, { durationMs: 2_000, tier: { memory: sample(connections) } }),
    );
    return checkOf(judgeSample({ tiers, idle: { memory: sample(0), cpuCores: 0 } }), 'rss-per-connection');
  };

  it.each([
    ['below the limit', 49_000, {}, 'pass'],
    ['above the limit', 51_000, {}, 'fail'],
    [
      'below, without forced GC, too noisy to be sure',
      1_000,
      { forcedGc: false, jitterBytes: 30e6 },
      'inconclusive',
    ],
    ['below on average, with forced GC, noisy', 1_000, { jitterBytes: 3e6 }, 'pass'],
    ['below, without forced GC', 49_000, { forcedGc: false }, 'pass'],
    ['above, without forced GC', 51_000, { forcedGc: false }, 'inconclusive'],
    ['above, too noisy to be sure', 51_000, { jitterBytes: -20e6 }, 'inconclusive'],
    ['not to be seen', 51_000, { blind: true }, 'inconclusive'],
  ] as const)('%s', (_, bytes, change, verdict) => {
    expect(weighing(bytes, change).verdict).toBe(verdict);
  });

  it('says its confidence interval', () => {
    expect(weighing(8_000).detail).toBe('95 % CI 8.00 KB to 8.00 KB');
  });

  it('needs three readings', () => {
    const verdict = judgeTiers([[500]], {});
    expect(checkOf(verdict, 'rss-per-connection')).toMatchObject({ verdict: 'n/a', observed: null });
    expect(verdict.verdict).toBe('pass');
  });

  it('says that all else held, where only the memory of a run is in doubt', () => {
    const { memory } = sampleTier(10);
    if (memory === null) throw new Error('the sample has memory');
    const rss = [60e6, 90e6, 55e6, 70e6];
    const at = (connections: number, index: number) => ({
      ...memory,
      connections,
      forcedGc: false,
      rssBytes: rss[index] ?? 0,
    });
    const tiers = [10, 100, 500].map((connections, index) =>
      sampleTier(connections, { durationMs: 2_000, tier: { memory: at(connections, index + 1) } }),
    );
    expect(judgeSample({ tiers, idle: { memory: at(0, 0), cpuCores: 0 } }).sentence).toMatch(
      /^Inconclusive: every other check held, but server memory per connection cannot be judged, 95 % CI .* without forced GC: .*--admin-token/,
    );
  });
});
