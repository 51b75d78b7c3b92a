import { describe, expect, it } from 'vitest';
import {
  formatAskedRate,
  formatBytes,
  formatConnections,
  formatCores,
  formatCount,
  formatList,
  formatMs,
  formatPercent,
  formatRate,
  formatReasons,
} from './quantities.ts';

describe('quantities', () => {
  it.each([
    [formatConnections(1), '1 connection'],
    [formatConnections(1_000), '1,000 connections'],
    [formatConnections(null), 'n/a connections'],
    [formatAskedRate(0.1), '0.1'],
    [formatAskedRate(1_000), '1,000'],
    [formatMs(0.843), '0.84 ms'],
    [formatMs(41.23), '41.2 ms'],
    [formatMs(1_024), '1,024 ms'],
    [formatMs(12_300), '12.3 s'],
    [formatMs(null), 'n/a'],
    [formatBytes(640), '640 B'],
    [formatBytes(8_122), '8.12 KB'],
    [formatBytes(51_200), '51.2 KB'],
    [formatBytes(70_352_992), '70.4 MB'],
    [formatBytes(128_000_000), '128 MB'],
    [formatBytes(8e9), '8.00 GB'],
    [formatBytes(-2_000), '-2.00 KB'],
    [formatCores(0.0124), '0.012 core'],
    [formatCores(0.93), '0.93 core'],
    [formatCount(1234.4), '1,234'],
    [formatRate(9.98), '9.98/s'],
    [formatRate(10_000), '10,000/s'],
    [formatRate(99.96), '100/s'],
    [formatPercent(0), '0 %'],
    [formatPercent(1), '100 %'],
    [formatPercent(0.0028), '0.28 %'],
    [formatPercent(0.99999), '> 99.99 %'],
    [formatPercent(0.93), '93 %'],
    [formatPercent(1.22), '122 %'],
    [formatList([]), ''],
    [formatList(['a']), 'a'],
    [formatList(['a', 'b', 'c']), 'a, b and c'],
    [
      formatReasons([
        { reason: 'timeout', count: 2 },
        { reason: 'http_503', count: 1_000 },
      ]),
      'http_503 × 1,000, timeout × 2',
    ],
  ])('%s', (written, expected) => {
    expect(written).toBe(expected);
  });
});
