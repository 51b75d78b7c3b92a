import { expect, it } from 'vitest';
import { studentT975 } from './student-t.ts';

it.each([
  [1, 12.706],
  [4, 2.776],
  [30, 2.042],
  [40, 2.021],
  [120, 1.98],
  [100_000, 1.96],
])('knows the 0.975 quantile for %i degrees of freedom', (degrees, quantile) => {
  expect(studentT975(degrees)).toBeCloseTo(quantile, 2);
});
