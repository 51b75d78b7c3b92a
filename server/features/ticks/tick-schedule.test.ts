import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TickSchedule } from './tick-schedule.ts';

const SECOND = 1_000_000_000;
const rate = fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 20_000_000 }));
/** Pauses between two looks, in ns: from a turn of the loop to a stall. */
const pauses = fc.array(fc.integer({ min: 1, max: 40_000_000 }), { minLength: 1, maxLength: 60 });

/** Makes everything that is due, and returns when each tick was due; few enough to look at all of them. */
function makeDue(schedule: TickSchedule, nowNs: number): number[] {
  const times: number[] = [];
  for (let due = schedule.due(nowNs); due > 0; due = schedule.due(nowNs)) {
    for (let tick = 0; tick < due; tick += 1) {
      times.push(schedule.nextDueNs);
      schedule.take(1);
    }
  }
  return times;
}

describe('TickSchedule', () => {
  it('has made rate × elapsed ticks at every moment, none ahead of the clock', () => {
    fc.assert(
      fc.property(rate, pauses, fc.integer({ min: 0, max: SECOND }), (perSecond, waits, startNs) => {
        const schedule = new TickSchedule(perSecond);
        schedule.restart(startNs);
        let nowNs = startNs;
        let made = 0;
        for (const wait of waits) {
          nowNs += wait;
          const due = schedule.due(nowNs);
          schedule.take(due);
          made += due;
          expect(Math.abs(made - Math.floor((perSecond * (nowNs - startNs)) / SECOND))).toBeLessThanOrEqual(
            1,
          );
          expect(schedule.due(nowNs)).toBe(0);
          expect(schedule.nextDueNs).toBeGreaterThan(nowNs);
        }
      }),
    );
  });

  it('gives ticks even, strictly rising times, however late they are made', () => {
    const slow = fc.integer({ min: 1, max: 60_000 });
    const stalls = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(slow, stalls, (perSecond, waits) => {
        const schedule = new TickSchedule(perSecond);
        schedule.restart(0);
        let nowNs = 0;
        const times: number[] = [];
        for (const wait of waits) {
          nowNs += wait;
          times.push(...makeDue(schedule, nowNs));
          expect(times.at(-1) ?? 0).toBeLessThanOrEqual(nowNs);
        }
        const errors = times.map((time, index) => Math.abs(time - ((index + 1) * SECOND) / perSecond));
        expect(Math.max(0, ...errors)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('keeps times apart at the precision of each rate through any changes of it', () => {
    const change = fc.record({ perSecond: fc.integer({ min: 1, max: 1_000_000 }), wait: fc.nat(200_000) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const schedule = new TickSchedule(1_000);
        schedule.restart(0);
        let nowNs = 0;
        const micros: number[] = [];
        for (const { perSecond, wait } of changes) {
          nowNs += wait;
          micros.push(...makeDue(schedule, nowNs).map((ns) => Math.floor(ns / 1_000)));
          schedule.setRate(perSecond, nowNs);
        }
        expect(micros.every((time, index) => index === 0 || time > (micros[index - 1] ?? 0))).toBe(true);
      }),
    );
  });

  it('gives what was due before a change of rate the times of the old rate', () => {
    const schedule = new TickSchedule(10);
    schedule.restart(0);
    schedule.setRate(1_000, 0.35 * SECOND);
    expect(schedule.due(0.35 * SECOND)).toBe(3);
    expect(schedule.rate).toBe(10);
    expect(makeDue(schedule, 0.352 * SECOND)).toEqual([1e8, 2e8, 3e8, 3.51e8, 3.52e8]);
    expect(schedule.rate).toBe(1_000);
  });

  it('takes the last of several changes that wait', () => {
    const schedule = new TickSchedule(10);
    schedule.restart(0);
    schedule.setRate(1_000, 0.1 * SECOND);
    schedule.setRate(100, 0.1 * SECOND);
    expect(makeDue(schedule, 0.11 * SECOND)).toEqual([1e8, 1.1e8]);
  });

  it('gives up what is too old, counts it, and stays on its grid', () => {
    const schedule = new TickSchedule(100);
    schedule.restart(0);
    schedule.giveUpBefore(2 * SECOND);
    expect(schedule.shortfall).toBe(200);
    expect(makeDue(schedule, 2.025 * SECOND)).toEqual([2.01e9, 2.02e9]);
  });

  it('gives up across a change of rate', () => {
    const schedule = new TickSchedule(100);
    schedule.restart(0);
    schedule.setRate(10, SECOND);
    schedule.giveUpBefore(2 * SECOND);
    expect(schedule.shortfall).toBe(110);
    expect(schedule.rate).toBe(10);
  });

  it('owes nothing of the time before it began anew', () => {
    const schedule = new TickSchedule(100);
    schedule.restart(0);
    schedule.setRate(50, 5 * SECOND);
    schedule.restart(10 * SECOND);
    expect(schedule.due(10 * SECOND)).toBe(0);
    expect(schedule.due(10.02 * SECOND)).toBe(1);
  });
});
