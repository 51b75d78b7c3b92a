import { describe, expect, it } from 'vitest';
import { parseThreshold } from './parse-threshold.ts';

describe('parseThreshold', () => {
  it.each([
    ['p99=80ms', 'p99', 80],
    ['p99=80', 'p99', 80],
    ['p50=1.5s', 'p50', 1_500],
    ['rss-per-connection=60KB', 'rss-per-connection', 60_000],
    ['rss-per-connection=60KiB', 'rss-per-connection', 61_440],
    ['rss-per-connection=1MB', 'rss-per-connection', 1_000_000],
    ['rss-per-connection=800', 'rss-per-connection', 800],
    ['cpu-per-1000=25%', 'cpu-per-1000', 0.25],
    ['cpu-per-1000=0.25', 'cpu-per-1000', 0.25],
    ['lost=5', 'lost', 5],
  ])('reads %s', (text, name, limit) => {
    expect(parseThreshold(text)).toEqual({ name, limit });
  });

  it.each([
    ['p98=80ms', 'expected a threshold out of not-connected, errors, lost'],
    ['', 'received ""'],
    ['constructor=1', 'received "constructor"'],
    ['p99', 'expected p99 as p99=80ms (units: ms, s); received "p99"'],
    ['p99=', 'received "p99="'],
    ['p99=80KB', 'expected p99 as p99=80ms'],
    ['p99=-3', 'received "p99=-3"'],
    ['p99=fast', 'received "p99=fast"'],
    ['lost=1%', 'expected lost as lost=5, a whole number'],
    ['lost=1.5', 'expected lost as lost=5, a whole number'],
  ])('refuses "%s"', (text, sentence) => {
    expect(() => parseThreshold(text)).toThrowError(sentence);
    expect(() => parseThreshold(text)).toThrowError(expect.objectContaining({ code: 'TL_USAGE' }));
  });
});
