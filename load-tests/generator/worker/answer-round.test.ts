import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AnswerRound } from './answer-round.ts';

describe('AnswerRound', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is done when everyone asked has answered', async () => {
    const round = new AnswerRound(5, [1, 3], 1_000);
    expect(round.settle(1)).toBe(true);
    expect(round.settle(1)).toBe(false);
    expect(round.settle(2)).toBe(false);
    expect(round.missing()).toEqual([3]);
    round.settle(3);
    await round.done;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is done at once when nobody is asked', async () => {
    await new AnswerRound(3, [], 1_000).done;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends when its time is over, or a shorter one set later', async () => {
    const round = new AnswerRound(2, [0, 1], 10_000);
    round.limit(100);
    await vi.advanceTimersByTimeAsync(100);
    await round.done;
    expect(round.missing()).toEqual([0, 1]);
  });
});
