import { describe, expect, it } from 'vitest';
import { Sampler, sampleEvery } from './sampling.ts';

describe('sampling', () => {
  it.each([
    [0, 1],
    [100_000, 1],
    [100_001, 2],
    [6_000_000, 60],
  ])('of %i samples keeps one in %i', (expected, every) => {
    expect(sampleEvery(expected)).toBe(every);
  });

  it('keeps one in so many, and not the same ones for each client', () => {
    const kept = (firstAt: number) => {
      const sampler = new Sampler(3, firstAt);
      return Array.from({ length: 9 }, () => sampler.takes()).flatMap((takes, index) =>
        takes ? [index] : [],
      );
    };
    expect([0, 1, 2, 3].map(kept)).toEqual([
      [2, 5, 8],
      [1, 4, 7],
      [0, 3, 6],
      [2, 5, 8],
    ]);
  });
});
