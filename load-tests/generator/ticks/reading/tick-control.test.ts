import { describe, expect, it } from 'vitest';
import { conflatedText, helloText, TICK_SYMBOLS } from '../../../testing/tick-messages.ts';
import { readTickControl, tickDates, toMonotonicUs } from './tick-control.ts';

const FIELDS = { format: 'json', seq: 41, epochNs: 1_763_689_000_000_000_500n, hrtimeNs: 1_000_000_000n };

describe('a control message', () => {
  it('is a hello with all that a reader needs', () => {
    expect(readTickControl(helloText(FIELDS))).toEqual({
      type: 'hello',
      hello: { ...FIELDS, symbols: TICK_SYMBOLS },
    });
  });

  it('is word of what was skipped', () => {
    expect(readTickControl(conflatedText(3, 10))).toEqual({ type: 'conflated', skipped: 3, upToCount: 10 });
  });

  it.each([
    '{"type":"weather"}',
    '{"type":"conflated","skipped":-1,"upToCount":2}',
    '{"type":"conflated","skipped":1}',
    helloText(FIELDS).replace('41', '"41"'),
    helloText(FIELDS).replace('"hrtimeNs":"', '"hrtimeNs":"x'),
    helloText(FIELDS).replace(/\[.*\]/, '[]'),
    '{"type":"hello"}',
    '{"type":',
    '[]',
    'null',
  ])('is foreign otherwise: %s', (text) => {
    expect(readTickControl(text)).toEqual({ type: 'foreign' });
  });
});

it('puts the times of ticks on the monotonic clock, and between two dates', () => {
  const epochUs = 1_763_689_000_000_000.5;
  expect(epochUs + toMonotonicUs(FIELDS)).toBe(1_000_000);
  const { earliestMs, latestMs } = tickDates(FIELDS);
  expect(earliestMs).toBeLessThan(epochUs / 1_000);
  expect(latestMs).toBeGreaterThan(epochUs / 1_000);
});
