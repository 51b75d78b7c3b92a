/** What the server counted of its ticks: read from /metrics, or where it shows none from the totals of `GET /stats`. */

import type { TickCounts, TickSample } from '../record/tick-flow-record.ts';
import type { MetricsReading } from './metrics-reading.ts';

const MS_PER_SECOND = 1_000;

/** All counters at one moment; null where the server does not show one. */
export type TickTotals = Readonly<Record<keyof typeof COUNTERS, number | null>> & {
  /** By the server's clock where it tells; ms. */
  readonly clockMs: number;
};

const COUNTERS = {
  made: 'touchline_ticks_made_total',
  offered: 'touchline_ticks_offered_total',
  buffered: 'touchline_ticks_buffered_total',
  flushed: 'touchline_ticks_flushed_total',
  acknowledged: 'touchline_ticks_acknowledged_total',
  skipped: 'touchline_ticks_skipped_total',
  writes: 'touchline_socket_writes_total',
  frames: 'touchline_frames_written_total',
  wireBytes: 'touchline_wire_sent_bytes_total',
} as const;

export function totalsOfMetrics(reading: MetricsReading): TickTotals {
  return {
    ...eachCounter((name) => reading.value(COUNTERS[name])),
    clockMs: reading.clockMs,
  };
}

/**
 * @param stats what `GET /stats` answered
 * @param atMs monotonic, in the middle of asking
 */
export function totalsOfStats(stats: unknown, atMs: number): TickTotals | null {
  const totals = memberOf(stats, 'totals');
  if (typeof totals !== 'object' || totals === null) return null;
  return {
    ...eachCounter((name) => {
      const value = memberOf(totals, name);
      return typeof value === 'number' ? value : null;
    }),
    clockMs: atMs,
  };
}

/** After minus before; all null when a reading is missing or a counter fell, since the server was restarted then. */
export function tickCounts(before: TickTotals | null, after: TickTotals | null): TickCounts {
  if (before === null || after === null || fell(before, after)) return NOTHING_SEEN;
  return {
    seconds: (after.clockMs - before.clockMs) / MS_PER_SECOND,
    ...eachCounter((name) => difference(before[name], after[name])),
  };
}

/** Rates from reading to reading, from the second one on. */
export function tickSamples(readings: readonly TickTotals[]): readonly TickSample[] {
  const [first] = readings;
  return readings.flatMap((current, index) => {
    const previous = readings[index - 1];
    if (first === undefined || previous === undefined) return [];
    const { seconds, offered, buffered, flushed, acknowledged } = tickCounts(previous, current);
    const sinceFirst = tickCounts(first, current);
    const rate = (count: number | null) =>
      count === null || seconds === null || seconds <= 0 ? null : count / seconds;
    return [
      {
        elapsedMs: current.clockMs - first.clockMs,
        offeredPerSecond: rate(offered),
        bufferedPerSecond: rate(buffered),
        flushedPerSecond: rate(flushed),
        deliveredPerSecond: rate(acknowledged),
        backlog: difference(sinceFirst.acknowledged, sinceFirst.buffered),
      },
    ];
  });
}

function fell(before: TickTotals, after: TickTotals): boolean {
  return (after.made ?? 0) < (before.made ?? 0);
}

function difference(smaller: number | null, larger: number | null): number | null {
  return smaller === null || larger === null ? null : larger - smaller;
}

function eachCounter(
  value: (name: keyof typeof COUNTERS) => number | null,
): Record<keyof typeof COUNTERS, number | null> {
  return {
    made: value('made'),
    offered: value('offered'),
    buffered: value('buffered'),
    flushed: value('flushed'),
    acknowledged: value('acknowledged'),
    skipped: value('skipped'),
    writes: value('writes'),
    frames: value('frames'),
    wireBytes: value('wireBytes'),
  };
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

const NOTHING_SEEN: TickCounts = { seconds: null, ...eachCounter(() => null) };
