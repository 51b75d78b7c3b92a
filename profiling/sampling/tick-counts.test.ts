import { describe, expect, it } from 'vitest';
import { MetricsReading } from './metrics-reading.ts';
import { parsePrometheusText } from './prometheus-text.ts';
import { type TickTotals, tickCounts, tickSamples, totalsOfMetrics, totalsOfStats } from './tick-counts.ts';

function reading(text: string, atMs = 0): TickTotals {
  const parsed = parsePrometheusText(text);
  if (!parsed.ok) throw new Error(parsed.text);
  return totalsOfMetrics(new MetricsReading(atMs, parsed.samples));
}

const metrics = (made: number, acknowledged: number): string => `
touchline_ticks_made_total ${made}
touchline_ticks_offered_total ${2 * made}
touchline_ticks_buffered_total ${2 * made}
touchline_ticks_flushed_total ${made}
touchline_ticks_acknowledged_total ${acknowledged}
touchline_ticks_skipped_total{reason="slow"} 3
touchline_ticks_skipped_total{reason="left"} 4
touchline_socket_writes_total 10
touchline_frames_written_total ${made}
touchline_loop_active_seconds_total ${made / 1_000}
touchline_loop_idle_seconds_total 0`;

describe('tickCounts', () => {
  it('gives after minus before, by the server’s own clock', () => {
    expect(tickCounts(reading(metrics(1_000, 400)), reading(metrics(3_000, 1_400)))).toEqual({
      seconds: 2,
      made: 2_000,
      offered: 4_000,
      buffered: 4_000,
      flushed: 2_000,
      acknowledged: 1_000,
      skipped: 0,
      writes: 0,
      frames: 2_000,
      wireBytes: null,
    });
  });

  it('knows nothing without both readings, or of a server that was started again', () => {
    const nothing = { seconds: null, made: null, flushed: null };
    expect(tickCounts(null, reading(metrics(1, 1)))).toMatchObject(nothing);
    expect(tickCounts(reading(metrics(2_000, 1)), reading(metrics(1_000, 1)))).toMatchObject(nothing);
  });
});

describe('totalsOfStats', () => {
  it('takes the totals that a server without metrics tells', () => {
    const totals = totalsOfStats({ totals: { made: 7, flushed: 5, readers: 1 } }, 12);
    expect(totals).toMatchObject({ made: 7, flushed: 5, buffered: null, clockMs: 12 });
  });

  it.each([null, 'ok', {}, { totals: 3 }])('has none in %j', (stats) => {
    expect(totalsOfStats(stats, 0)).toBeNull();
  });
});

describe('tickSamples', () => {
  it('gives rates from reading to reading, and how far buffered has run ahead since the first', () => {
    const samples = tickSamples(
      [metrics(1_000, 1_000), metrics(2_000, 2_500), metrics(4_000, 4_500)].map((text) => reading(text)),
    );
    expect(
      samples.map(({ elapsedMs, bufferedPerSecond, deliveredPerSecond, backlog }) => [
        elapsedMs,
        bufferedPerSecond,
        deliveredPerSecond,
        backlog,
      ]),
    ).toEqual([
      [1_000, 2_000, 1_500, 500],
      [3_000, 2_000, 1_000, 2_500],
    ]);
  });
});
