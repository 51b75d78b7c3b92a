import { describe, expect, it } from 'vitest';
import type { TickClientStats, TickStatsAnswer } from '../../protocol/tick-messages.ts';
import { telemetryLines } from './telemetry.ts';

const totals = {
  made: 1,
  offered: 1,
  buffered: 1,
  flushed: 1,
  acknowledged: 1,
  skipped: 0,
  shortfall: 0,
  readers: 2,
  acknowledgingReaders: 2,
};
const client = (clientId: string, lastUpdate = 10_000): TickClientStats => ({
  clientId,
  lastUpdate,
  messagesPerSec: 479_812.4,
  totalMessages: 5,
  avgLatencyMs: 1.234,
  p99LatencyMs: 14.56,
});
const stats = (more: Partial<TickStatsAnswer> = {}): TickStatsAnswer => ({
  targetRate: 500_000,
  serverRate: 480_000,
  bufferedRate: 960_000,
  flushedRate: 959_000,
  deliveredRate: 958_000,
  totals,
  clients: {},
  ...more,
});

describe('telemetryLines', () => {
  it('puts the rates of the server on one line', () => {
    expect(telemetryLines(stats(), 0)).toEqual([
      '[Stats] Rate: 500,000/s | Server actual: 480,000/s | buffered 960,000/s | flushed 959,000/s | delivered 958,000/s | readers 2',
    ]);
  });

  it('does not call unknown what is not acknowledged zero', () => {
    const [none] = telemetryLines(stats({ totals: { ...totals, acknowledgingReaders: 0 } }), 0);
    expect(none).toContain('| delivered unknown (no reader acknowledges) |');
    const [some] = telemetryLines(stats({ totals: { ...totals, acknowledgingReaders: 1 } }), 0);
    expect(some).toContain('| delivered 958,000/s (1 of 2 readers acknowledge) |');
  });

  it('has a line for each client, and says when it is not heard of', () => {
    const clients = { a: client('a'), b: client('b', 4_999) };
    expect(telemetryLines(stats({ clients }), 10_000).slice(1)).toEqual([
      '  a: 479,812/s, avg 1.23 ms, p99 14.6 ms',
      '  b: (not connected)',
    ]);
  });

  it('prints ten clients', () => {
    const clients = Object.fromEntries(Array.from({ length: 13 }, (_, n) => [`c${n}`, client(`c${n}`)]));
    const lines = telemetryLines(stats({ clients }), 10_000);
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe('  and 3 more');
  });
});
