import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OpenGaps } from './open-gaps.ts';

it('knows each number that never came, however the late ones come in', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (numbers) => {
      const gaps = new OpenGaps();
      let highest = 0;
      for (const number of numbers) {
        if (number > highest) {
          if (number > highest + 1) gaps.open(highest + 1, number - 1);
          highest = number;
        } else {
          expect(gaps.fill(number)).toBe(true);
        }
        expect(gaps.fill(number)).toBe(false);
      }
      expect(gaps.count).toBe(highest - numbers.length);
    }),
  );
});

it('takes for repeated what comes later than it remembers', () => {
  const gaps = new OpenGaps();
  for (let number = 1; number <= 2 * 1_025; number += 2) gaps.open(number, number);
  expect(gaps.fill(1)).toBe(false);
  expect(gaps.fill(3)).toBe(true);
  expect(gaps.count).toBe(1_024);
});
