import { expect, it } from 'vitest';
import { limitsOf } from '../thresholds.ts';
import { requiredRate } from './required-rate.ts';

it.each([
  ['100 members', 100, 1_600, {}, 100],
  ['a small room asks for no more', 10, 1_600, {}, 100],
  ['a large room for 10,000 deliveries a second', 1_000, 1_600, {}, 10],
  ['never more than was asked for', 100, 50, {}, 50],
  ['a limit that was typed is taken as it is', 1_000, 50, { 'sustained-rate': 500 }, 500],
])('%s', (_, connections, highestRate, thresholds, expected) => {
  expect(requiredRate({ connections, thresholds, limits: limitsOf(thresholds), highestRate })).toBe(expected);
});
