import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestName, withSuggestion } from './nearest-name.ts';

describe('nearestName', () => {
  const names = ['tiers', 'threshold', 'duration', 'rate', 'json'];

  it.each([
    ['teirs', 'tiers'],
    ['treshold', 'threshold'],
    ['durations', 'duration'],
    ['jsn', 'json'],
  ])('takes %s for %s', (typed, meant) => {
    expect(nearestName(typed, names)).toBe(meant);
  });

  it('suggests nothing for a word that is near to none', () => {
    expect(nearestName('completely-different', names)).toBeUndefined();
    expect(nearestName('', names)).toBeUndefined();
  });
});

describe('withSuggestion', () => {
  it('names every candidate that is as near as the nearest', () => {
    expect(withSuggestion('no such name', 'p98', ['p50', 'p95', 'p99'])).toBe(
      'no such name; did you mean p95 or p99?',
    );
    expect(withSuggestion('no such name', 'stal', ['stall', 'slow-loop'])).toBe(
      'no such name; did you mean stall?',
    );
  });

  it('leaves the sentence alone when none is near', () => {
    expect(withSuggestion('no such name', 'nope', ['stall', 'slow-loop'])).toBe('no such name');
  });
});

describe('editDistance', () => {
  const word = fc.string({ maxLength: 12 });

  it('is 0 for the same word only, symmetric, and keeps the triangle inequality', () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});
