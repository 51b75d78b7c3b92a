import { describe, expect, it } from 'vitest';
import { broadcastP99, figuresSince, parseFigures } from './server-figures.ts';

/** `/metrics` of a server that was so many broadcasts in. */
const metrics = (broadcasts: number, slow: number) =>
  [
    '# TYPE touchline_deliveries_total counter',
    `touchline_deliveries_total ${broadcasts * 10}`,
    'touchline_ticks_flushed_total 7',
    'touchline_deliveries_dropped_total{reason="fault"} 2',
    'touchline_deliveries_dropped_total{reason="slow {consumer}"} 3',
    'process_cpu_seconds_total 1.5',
    `touchline_broadcast_duration_seconds_bucket{le="0.001"} ${broadcasts - slow}`,
    `touchline_broadcast_duration_seconds_bucket{le="0.01"} ${broadcasts - slow}`,
    `touchline_broadcast_duration_seconds_bucket{le="+Inf"} ${broadcasts}`,
    '',
  ].join('\n');

describe('figures of the server', () => {
  it('are read from /metrics, whatever their labels', () => {
    expect(parseFigures(metrics(100, 0))).toMatchObject({ deliveries: 1_007, dropped: 5, cpuSeconds: 1.5 });
  });

  it('are those of the test alone', () => {
    const since = figuresSince(parseFigures(metrics(100, 100)), parseFigures(metrics(300, 101)));
    expect(since).toMatchObject({ deliveries: 2_000, dropped: 0, cpuSeconds: 0 });
    expect(broadcastP99(since)).toBe(0.001);
  });

  it.each([
    [200, 2, 0.001],
    [200, 3, Number.POSITIVE_INFINITY],
    [0, 0, undefined],
  ])('of %d broadcasts, %d of them slow, know a p99 of at most %s s', (broadcasts, slow, seconds) => {
    expect(broadcastP99(parseFigures(metrics(broadcasts, slow)))).toBe(seconds);
  });
});
