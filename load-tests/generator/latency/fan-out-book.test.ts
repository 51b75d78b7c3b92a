import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testPlan } from '../../testing/load-plans.ts';
import { FanOutBook, fanOutSampling } from './fan-out-book.ts';

const target = { wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' };
const window = { startUs: 0, measureStartUs: 1_000_000, measureEndUs: 2_000_000 };

describe('what is kept of a plan', () => {
  it('is every broadcast where there is room', () => {
    const { everyNth, rows } = fanOutSampling(testPlan(target));
    expect(everyNth).toBe(1);
    expect(rows).toBeGreaterThanOrEqual(51);
  });

  it('is every n-th where there is not', () => {
    const plan = testPlan(target, { connections: 1_000, broadcastsPerSecond: 1_000, measureMs: 30_000 });
    const { everyNth, rows } = fanOutSampling(plan);
    expect(everyNth).toBe(8);
    expect(rows * 1_000).toBeLessThan(4_010_000);
  });

  it('leaves slow readers out', () => {
    const plan = { connections: 1_000, broadcastsPerSecond: 1_000, measureMs: 30_000, slowReaders: 900 };
    expect(fanOutSampling(testPlan(target, plan)).everyNth).toBe(1);
  });

  it('has a row for each broadcast of the window, and stays within its memory', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 120_000 }),
        fc.constantFrom('uniform' as const, 'poisson' as const),
        (connections, broadcastsPerSecond, measureMs, arrival) => {
          const plan = testPlan(target, { connections, broadcastsPerSecond, measureMs, arrival });
          const { everyNth, rows } = fanOutSampling(plan);
          expect(rows * everyNth).toBeGreaterThanOrEqual((broadcastsPerSecond * measureMs) / 1_000 + 1);
          // Rounding up costs at most two rows.
          expect(rows * connections).toBeLessThanOrEqual(4_000_000 + 2 * connections);
        },
      ),
    );
  });
});

describe('FanOutBook', () => {
  const sampling = { everyNth: 2, rows: 4 };

  /** Sent at `intendedUs`, and there 500 µs later. */
  function deliver(book: FanOutBook, client: number, seq: number, intendedUs = 1_500_000): void {
    book.record(client, { publisher: 0, seq, intendedUs, sentUs: intendedUs }, intendedUs + 500.7);
  }

  it('keeps every n-th broadcast of the window, a cell a client', () => {
    const book = new FanOutBook({ clients: 3, sampling, window });
    for (const client of [0, 2]) deliver(book, client, 10);
    deliver(book, 1, 11);
    deliver(book, 1, 12);
    deliver(book, 1, 14, 999_999);
    deliver(book, 1, 16, 2_000_000);
    const acknowledgedUs = Float64Array.of(1, 2, 3);
    const report = book.report(acknowledgedUs);
    expect(report.acknowledgedUs).toBe(acknowledgedUs);
    expect(report.everyNth).toBe(2);
    const rows = [...report.seqs].map((seq, row) => [seq, [...report.cells.subarray(row * 3, row * 3 + 3)]]);
    expect(rows).toHaveLength(2);
    expect(rows).toContainEqual([10, [500, 0, 500]]);
    expect(rows).toContainEqual([12, [0, 500, 0]]);
  });

  it('takes one broadcast a row, and no later one for it', () => {
    const book = new FanOutBook({ clients: 1, sampling, window });
    deliver(book, 0, 0);
    deliver(book, 0, 8);
    expect([...book.report(Float64Array.of(1)).seqs]).toEqual([0]);
  });

  it('tells what came at once from what never came', () => {
    const book = new FanOutBook({ clients: 1, sampling, window });
    book.record(0, { publisher: 0, seq: 0, intendedUs: 1_500_000, sentUs: 1_500_000 }, 1_500_000);
    expect([...book.report(Float64Array.of(1)).cells]).toEqual([1]);
  });
});
