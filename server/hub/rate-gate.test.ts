import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateGate } from './rate-gate.ts';
import { TokenBucket } from './token-bucket.ts';

describe('TokenBucket', () => {
  it('lets a full burst through, then refills at its rate', () => {
    const bucket = new TokenBucket(10, 0);
    const taken = (nowMs: number, tries: number) =>
      Array.from({ length: tries }, () => bucket.take(nowMs)).filter(Boolean).length;
    expect(taken(0, 20)).toBe(10);
    expect(taken(99, 5)).toBe(0);
    expect(taken(500, 20)).toBe(5);
    expect(taken(60_000, 20)).toBe(10);
  });

  it('never lets more through than a burst and the refill, and no less to whoever keeps asking', () => {
    const gapsMs = fc.array(fc.nat(40), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), gapsMs, (perSecond, gaps) => {
        const bucket = new TokenBucket(perSecond, 0);
        let nowMs = 0;
        let taken = 0;
        let everRefused = false;
        for (const gap of gaps) {
          nowMs += gap;
          if (bucket.take(nowMs)) taken += 1;
          else everRefused = true;
        }
        const allowed = perSecond + (nowMs * perSecond) / 1000;
        expect(taken).toBeLessThanOrEqual(allowed + 1e-6);
        if (!everRefused) expect(taken).toBe(gaps.length);
      }),
    );
  });

  it('gives exactly its rate over an hour to whoever asks every millisecond', () => {
    const bucket = new TokenBucket(7, 0);
    let taken = 0;
    for (let nowMs = 0; nowMs <= 3_600_000; nowMs += 1) if (bucket.take(nowMs)) taken += 1;
    expect(Math.abs(taken - (7 + 7 * 3_600))).toBeLessThanOrEqual(1);
  });
});

describe('RateGate', () => {
  it('tells at most once a second, with the count of what was dropped', () => {
    const gate = new RateGate(1, 0);
    expect(gate.admit(0)).toBe('pass');
    expect(gate.admit(1)).toBe('drop_and_tell');
    expect(gate.takeDropped()).toBe(1);
    expect([gate.admit(2), gate.admit(3), gate.admit(900)]).toEqual(['drop', 'drop', 'drop']);
    expect(gate.admit(1_000)).toBe('pass');
    expect(gate.admit(1_001)).toBe('drop_and_tell');
    expect(gate.takeDropped()).toBe(4);
  });

  it('closes after 10 s over the rate without a pause', () => {
    expect(firstCloseMs({ everyMs: 100, untilMs: 30_000, restAtMs: [] })).toBe(10_100);
  });

  it('forgives whoever pauses for more than a second', () => {
    expect(firstCloseMs({ everyMs: 100, untilMs: 19_000, restAtMs: [5_000, 12_000] })).toBeNull();
  });
});

interface Flood {
  readonly everyMs: number;
  readonly untilMs: number;
  /** Pauses of 1.5 s begin here. */
  readonly restAtMs: readonly number[];
}

function firstCloseMs({ everyMs, untilMs, restAtMs }: Flood): number | null {
  const gate = new RateGate(1, 0);
  gate.admit(0);
  for (let nowMs = everyMs; nowMs <= untilMs; nowMs += everyMs) {
    if (restAtMs.some((rest) => nowMs >= rest && nowMs < rest + 1_500)) continue;
    if (gate.admit(nowMs) === 'close') return nowMs;
  }
  return null;
}
