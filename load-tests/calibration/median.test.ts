import { expect, it } from 'vitest';
import { median } from './median.ts';

it.each([
  [[3], 3],
  [[1, 2], 1.5],
  [[440, 45, 44, 46, 43], 45],
  [[10, 9, 2, 1], 5.5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

it('of nothing is an error', () => {
  expect(() => median([])).toThrow(RangeError);
});
