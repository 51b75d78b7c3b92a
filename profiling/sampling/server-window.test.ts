import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricsReading } from './metrics-reading.ts';
import { parsePrometheusText } from './prometheus-text.ts';
import { bucketQuantile, growth, serverSample, serverWindow } from './server-window.ts';

/** A reading at a monotonic ms, from exposition text. */
function reading(takenAtMs: number, text: string): MetricsReading {
  const parsed = parsePrometheusText(text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.text}`);
  return new MetricsReading(takenAtMs, parsed.samples);
}

const BEFORE = `
process_cpu_seconds_total 10
touchline_loop_active_seconds_total 4
touchline_loop_idle_seconds_total 96
touchline_loop_delay_seconds_bucket{le="0.001"} 1000
touchline_loop_delay_seconds_bucket{le="0.002"} 1000
touchline_loop_delay_seconds_bucket{le="+Inf"} 1000
nodejs_gc_duration_seconds_sum{kind="minor"} 1
nodejs_gc_duration_seconds_sum{kind="major"} 2
touchline_deliveries_total 500
`;
const AFTER = `
process_cpu_seconds_total 11
process_open_fds 120
process_max_fds 20000
process_resident_memory_bytes 5e7
touchline_connections 100
touchline_loop_active_seconds_total 5
touchline_loop_idle_seconds_total 97
touchline_loop_delay_seconds_bucket{le="0.001"} 1050
touchline_loop_delay_seconds_bucket{le="0.002"} 1100
touchline_loop_delay_seconds_bucket{le="+Inf"} 1100
nodejs_gc_duration_seconds_sum{kind="minor"} 1.004
nodejs_gc_duration_seconds_sum{kind="major"} 2.006
touchline_deliveries_total 2500
`;

describe('serverWindow', () => {
  it('gives rates and quantiles of what happened in between only', () => {
    const window = serverWindow(reading(1_000, BEFORE), reading(3_000, AFTER));
    expect(window.cpuCores).toBeCloseTo(0.5);
    expect(window.loopUtilisationRatio).toBeCloseTo(0.5);
    // 100 new observations: 50 up to 1 ms, 50 up to 2 ms.
    expect(window.loopDelayP50Ms).toBeCloseTo(1);
    expect(window.loopDelayP99Ms).toBeCloseTo(1.98);
    expect(window.loopDelayMaxMs).toBeCloseTo(2);
    expect(window.gcMs).toBeCloseTo(10);
    expect(window).toMatchObject({ openFds: 120, maxFds: 20_000 });
  });

  it("takes rates over the target's own clock, whenever the answers came", () => {
    const late = serverWindow(reading(1_000, BEFORE), reading(9_000, AFTER));
    expect(late.cpuCores).toBeCloseTo(0.5);
  });

  it('takes our clock where the target shows none', () => {
    const window = serverWindow(
      reading(1_000, 'process_cpu_seconds_total 1'),
      reading(5_000, 'process_cpu_seconds_total 2'),
    );
    expect(window.cpuCores).toBeCloseTo(0.25);
  });

  it('shows null, not 0, where a reading or a metric is missing', () => {
    const empty = serverWindow(reading(0, 'x 1'), reading(1_000, 'x 1'));
    expect(new Set(Object.values(empty))).toEqual(new Set([null]));
    expect(serverWindow(null, reading(0, AFTER))).toEqual(empty);
  });

  it('shows null when a counter fell, because the process was restarted', () => {
    const later = reading(3_000, 'process_cpu_seconds_total 1');
    expect(serverWindow(reading(1_000, BEFORE), later).cpuCores).toBeNull();
    expect(growth(reading(0, BEFORE), later, 'process_cpu_seconds_total')).toBeNull();
  });
});

describe('serverSample', () => {
  it('gives one second as rates since the reading before', () => {
    expect(serverSample(reading(1_000, BEFORE), reading(3_000, AFTER), 99_500)).toMatchObject({
      elapsedMs: 2_500,
      connections: 100,
      rssBytes: 5e7,
      heapUsedBytes: null,
      deliveriesPerSecond: 1_000,
      gcMsPerSecond: expect.closeTo(5),
    });
  });
});

describe('bucketQuantile', () => {
  it('is null without observations, and the last finite bound above it', () => {
    expect(bucketQuantile(null, 0.5)).toBeNull();
    expect(bucketQuantile({ bounds: [1, Number.POSITIVE_INFINITY], counts: [0, 0] }, 0.5)).toBeNull();
    expect(bucketQuantile({ bounds: [1, Number.POSITIVE_INFINITY], counts: [0, 9] }, 0.5)).toBe(1);
  });

  it('lies in the bucket that holds the true quantile', () => {
    const bounds = [1, 2, 4, 8, 16, 32, 64, 128];
    const values = fc.array(fc.double({ min: 0.001, max: 128, noNaN: true }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (observed, quantile) => {
        const counts = bounds.map((bound) => observed.filter((value) => value <= bound).length);
        const estimate = bucketQuantile(
          { bounds: [...bounds, Number.POSITIVE_INFINITY], counts: [...counts, observed.length] },
          quantile,
        );
        const rank = Math.max(1, Math.ceil(quantile * observed.length));
        const truth = observed.sort((left, right) => left - right)[rank - 1] ?? Number.NaN;
        const upper = bounds.find((bound) => bound >= truth) ?? Number.NaN;
        expect(estimate).toBeGreaterThanOrEqual(upper === 1 ? 0 : upper / 2);
        expect(estimate).toBeLessThanOrEqual(upper);
      }),
    );
  });
});
