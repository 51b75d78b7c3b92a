import { describe, expect, it } from 'vitest';
import { formatLimit, holds, limitsOf, THRESHOLD_NAMES, THRESHOLDS } from './thresholds.ts';

describe('the table', () => {
  it('has the limits that MEASUREMENT.md names', () => {
    expect(limitsOf({})).toEqual({
      'not-connected': 0,
      errors: 0,
      lost: 0,
      duplicated: 0,
      'out-of-order': 0,
      'wrong-room': 0,
      'shared-timestamps': 0,
      p50: 10,
      p95: 50,
      p99: 50,
      'rss-per-connection': 50_000,
      'cpu-per-1000': 0.2,
      'sustained-rate': 100,
      'sustained-tick-rate': 100_000,
      'delivered-ratio': 0.98,
      'tick-p99': 10,
      structures: 0,
      listeners: 0,
      timers: 0,
      fds: 0,
      classes: 0,
      'growing-classes': 0,
      unsubscribed: 0,
      'heap-slope': 256,
      'external-slope': 64,
      'half-open': 2.5,
      'half-open-missed': 0,
      'release-time': 1_000,
      'not-recovered': 0,
      'http-errors': 0,
      'http-timeouts': 0,
      'http-non-2xx': 0,
      'http-broadcasts': 0,
      'instrumentation-cost': 0.02,
      'instrumentation-latency': 5,
    });
  });

  it('takes a changed limit, and 0 is one', () => {
    expect(limitsOf({ p99: 80, 'cpu-per-1000': 0, unknown: 3 })).toMatchObject({
      p99: 80,
      'cpu-per-1000': 0,
      p95: 50,
    });
  });

  it('explains every threshold', () => {
    for (const name of THRESHOLD_NAMES) expect(THRESHOLDS[name].help).not.toBe('');
  });

  it.each([
    ['p99', 49.9, true],
    ['p99', 50, false],
    ['lost', 0, true],
    ['lost', 1, false],
    ['heap-slope', 256, true],
    ['heap-slope', 257, false],
    ['sustained-rate', 100, true],
    ['sustained-rate', 99, false],
    ['instrumentation-cost', 0.02, true],
    ['instrumentation-cost', 0.021, false],
    ['instrumentation-latency', 5, true],
    ['instrumentation-latency', 5.1, false],
  ] as const)('%s at %d holds: %s', (name, observed, held) => {
    expect(holds(name, observed, limitsOf({}))).toBe(held);
  });

  it.each([
    ['p99', 50, '< 50 ms'],
    ['release-time', 1_000, '≤ 1,000 ms'],
    ['p99', 0.5, '< 0.5 ms'],
    ['lost', 0, '0'],
    ['lost', 5, '≤ 5'],
    ['rss-per-connection', 50_000, '< 50 KB'],
    ['cpu-per-1000', 0.2, '< 0.2 core'],
    ['heap-slope', 256, '≤ 256 B'],
    ['sustained-rate', 100, '≥ 100/s'],
    ['half-open', 2.5, '≤ 2.5 heartbeats'],
    ['instrumentation-cost', 0.02, '≤ 2.0 %'],
    ['instrumentation-latency', 5, '≤ 5 ms'],
  ] as const)('writes the limit of %s', (name, limit, text) => {
    expect(formatLimit(name, limit)).toBe(text);
  });
});
