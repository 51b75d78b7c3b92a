import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allotFirst, allotLast } from './allotment.ts';

it('deals out from the first worker on, or from the last', () => {
  expect(allotFirst(4, [3, 3, 2])).toEqual([3, 1, 0]);
  expect(allotLast(4, [3, 3, 2])).toEqual([0, 2, 2]);
  expect(allotFirst(0, [3, 3])).toEqual([0, 0]);
  expect(allotLast(9, [3, 3])).toEqual([3, 3]);
});

it('deals out as many as were asked for, or all, and no worker more than it has', () => {
  const shares = fc.array(fc.nat(50), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(shares, fc.nat(500), (has, count) => {
      const all = has.reduce((sum, share) => sum + share, 0);
      for (const allotted of [allotFirst(count, has), allotLast(count, has)]) {
        expect(allotted.reduce((sum, share) => sum + share, 0)).toBe(Math.min(count, all));
        expect(allotted.every((share, worker) => share <= (has[worker] ?? 0))).toBe(true);
      }
    }),
  );
});
