import { open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { countOpenFds, parseMaxFds, readProcessUsage } from './process-usage.ts';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             96365                96365                processes
Max open files            1024                 524288               files
Max locked memory         8388608              8388608              bytes
`;

describe('parseMaxFds', () => {
  it.each([
    [LIMITS, 524_288],
    [LIMITS.replace('524288   ', 'unlimited'), Number.POSITIVE_INFINITY],
    ['', null],
    ['Max open files', null],
  ])('case %#', (text, expected) => {
    expect(parseMaxFds(text)).toBe(expected);
  });
});

describe('readProcessUsage', () => {
  it('has CPU, memory and start time everywhere', async () => {
    const usage = await readProcessUsage();
    expect(usage.cpuUserSeconds).toBeGreaterThan(0);
    expect(usage.memory.rssBytes).toBeGreaterThan(usage.memory.heapUsedBytes);
    expect(Date.now() / 1000 - usage.startedAtSeconds).toBeLessThan(3_600);
    expect(Date.now() / 1000).toBeGreaterThan(usage.startedAtSeconds);
  });

  it('counts a file that is opened and closed, where /proc tells', async () => {
    const before = await countOpenFds();
    if (process.platform !== 'linux') {
      expect(before).toBeNull();
      return;
    }
    const files = await Promise.all(Array.from({ length: 20 }, () => open('/dev/null')));
    const during = await countOpenFds();
    await Promise.all(files.map((file) => file.close()));
    // Other parts of the test runner may open or close a few meanwhile.
    expect((during ?? 0) - (before ?? 0)).toBeGreaterThanOrEqual(15);
    expect((await readProcessUsage()).maxFds).toBeGreaterThan(0);
  });
});
