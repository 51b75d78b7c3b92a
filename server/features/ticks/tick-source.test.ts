import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TICKS_A_TURN } from '../../protocol/tick-messages.ts';
import { PRICE_CENTS } from './price-walk.ts';
import { decimalsOf, nsInSecondAt, type Tick, tickAt } from './tick.ts';
import { tickTime } from './tick-encoding.ts';
import { TickSchedule } from './tick-schedule.ts';
import { TickSource } from './tick-source.ts';
import { SYMBOL_COUNT } from './tick-symbols.ts';

const SECOND = 1_000_000_000;
const clock = { startSecond: 1_763_689_000, startNsInSecond: 999_123_456 };

function makeSource(rate: number, seed = 1) {
  const schedule = new TickSchedule(rate);
  return { schedule, source: new TickSource({ clock, schedule, seed }) };
}

/** Ns since the clock's own start. */
const sinceStart = ({ epochSecond, nsInSecond }: Tick) =>
  (epochSecond - clock.startSecond) * SECOND + nsInSecond - clock.startNsInSecond;

describe('TickSource', () => {
  it('numbers ticks without a gap, gives each its time, and keeps to turns, seconds and digits', () => {
    const rate = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 20_000_000 }));
    const waits = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(rate, waits, (perSecond, pauses) => {
        const { schedule, source } = makeSource(perSecond);
        schedule.restart(0);
        let nowNs = 0;
        let seq = 0;
        let text = '';
        for (const pause of pauses) {
          nowNs += pause;
          for (let due = schedule.due(nowNs); due > 0; due = schedule.due(nowNs)) {
            const dueNs = schedule.nextDueNs;
            const batch = source.make(due, 'unique');
            expect(batch.count).toBeGreaterThan(0);
            expect(batch.count).toBeLessThanOrEqual(Math.min(due, MAX_TICKS_A_TURN));
            const [first, last] = [tickAt(batch, 0), tickAt(batch, batch.count - 1)];
            expect(sinceStart(first)).toBe(dueNs);
            expect(sinceStart(last)).toBeLessThanOrEqual(nowNs);
            expect(first.seq).toBe(seq + 1);
            seq = last.seq;
            expect(String(first.seq).length).toBe(String(last.seq).length);
            expect(nsInSecondAt(batch, 0)).toBeGreaterThanOrEqual(0);
            expect(nsInSecondAt(batch, batch.count - 1)).toBeLessThan(SECOND);
            expect(tickTime(first, batch.decimals) > text).toBe(true);
            text = tickTime(last, batch.decimals);
          }
        }
        expect(source.seq).toBe(seq);
      }),
      { numRuns: 100 },
    );
  });

  it('writes times apart at every rate', () => {
    for (const rate of [999_999, 1_000_000, 1_000_001, 3_333_333, 10_000_000, 20_000_000]) {
      const { schedule, source } = makeSource(rate);
      schedule.restart(0);
      const batch = source.make(schedule.due(SECOND), 'unique');
      const texts = Array.from({ length: batch.count }, (_, place) =>
        tickTime(tickAt(batch, place), batch.decimals),
      );
      expect(new Set(texts).size).toBe(batch.count);
      expect([...texts].sort()).toEqual(texts);
    }
  });

  it.each([
    [1, 3],
    [1_000_000, 3],
    [1_000_001, 4],
    [10_000_000, 4],
    [20_000_000, 5],
  ])('has the decimals that %i/s needs: %i', (rate, decimals) => {
    expect(decimalsOf(rate)).toBe(decimals);
  });

  it('keeps prices within their bounds, and gives the same ones for the same seed', () => {
    const prices = (seed: number) => {
      const { schedule, source } = makeSource(1_000_000, seed);
      schedule.restart(0);
      const batch = source.make(4_000, 'unique');
      return [...batch.prices.subarray(0, batch.count)];
    };
    const walk = prices(7);
    for (const cents of walk) {
      expect(cents).toBeGreaterThanOrEqual(PRICE_CENTS.min);
      expect(cents).toBeLessThanOrEqual(PRICE_CENTS.max);
    }
    expect(prices(7)).toEqual(walk);
    expect(prices(8)).not.toEqual(walk);
  });

  it('knows the latest tick of each symbol that changed, in their order', () => {
    const { schedule, source } = makeSource(1_000_000);
    schedule.restart(0);
    expect(source.latestSince(0)).toEqual([]);
    source.make(5, 'unique');
    expect(source.latestSince(2).map(({ seq }) => seq)).toEqual([3, 4, 5]);
    source.seq = 1_000;
    const ticks = [40, 7].flatMap((count) => {
      const batch = source.make(count, 'unique');
      return Array.from({ length: batch.count }, (_, place) => tickAt(batch, place));
    });
    const latest = source.latestSince(0);
    expect(latest).toEqual(ticks.slice(-SYMBOL_COUNT));
    expect(new Set(latest.map(({ symbol }) => symbol)).size).toBe(SYMBOL_COUNT);
  });

  it('gives one tick for a whole millisecond when it is told to', () => {
    const { schedule, source } = makeSource(10_000);
    schedule.restart(0);
    const repeats = [source.make(4, 'cached-1ms'), source.make(30, 'cached-1ms')].flatMap(
      ({ repeats }) => repeats ?? [],
    );
    expect(repeats.reduce((sum, { count }) => sum + count, 0)).toBe(source.seq);
    const millis = repeats.map(({ tick }) => `${tick.epochSecond} ${Math.floor(tick.nsInSecond / 1e6)}`);
    // The first batch ended in the middle of a millisecond: its tick serves on.
    for (const [index, { tick }] of repeats.entries()) {
      if (index > 0 && millis[index] === millis[index - 1]) expect(tick).toBe(repeats[index - 1]?.tick);
    }
    expect(new Set(repeats.map(({ tick }) => tick)).size).toBe(new Set(millis).size);
    expect(source.latestSince(0).map(({ seq }) => seq)).toEqual(
      [...new Set(repeats.map(({ tick }) => tick.seq))].slice(-SYMBOL_COUNT),
    );
  });
});
