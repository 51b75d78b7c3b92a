import { describe, expect, it } from 'vitest';
import { ReasonCounts } from './reason-counts.ts';

const counted = (reasons: readonly string[]) => {
  const counts = new ReasonCounts();
  counts.add(reasons.map((reason) => ({ reason, count: 1 })));
  return Object.fromEntries(counts.entries());
};

describe('ReasonCounts', () => {
  it('counts by reason', () => {
    expect(counted(['ECONNRESET', 'http_503', 'ECONNRESET', 'close_4002', 'subscribe_error_full'])).toEqual({
      ECONNRESET: 2,
      http_503: 1,
      close_4002: 1,
      subscribe_error_full: 1,
    });
  });

  it.each(['match_123456', 'user 7', 'room:7', 'a'.repeat(60), '', '7', 'Straße'])(
    'takes %j for no reason, since it may name somebody',
    (reason) => {
      expect(counted([reason])).toEqual({ other: 1 });
    },
  );

  it('has twenty reasons at most, and the rest under one', () => {
    const reasons = Array.from({ length: 100 }, (_, index) => `close_${4_000 + index}`);
    const counts = counted([...reasons, ...reasons]);
    expect(Object.keys(counts)).toHaveLength(21);
    expect(counts['close_4000']).toBe(2);
    expect(counts['other']).toBe(160);
  });
});
