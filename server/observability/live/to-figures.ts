/** Leaves out what cannot be told, and digits that nobody reads. */

import type { Figures } from './live-contract.ts';

const DIGITS = 5;

/** What is undefined or no finite number is absent: JSON would make null of it. */
export function toFigures<Name extends string>(
  values: Readonly<Record<Name, number | undefined>>,
): Figures<Name> {
  const told = Object.entries<number | undefined>(values).flatMap(([name, value]) =>
    value === undefined || !Number.isFinite(value) ? [] : [[name, shorten(value)] as const],
  );
  return Object.fromEntries(told) as Figures<Name>;
}

/** Whole numbers stay as they are: a count is exact. */
function shorten(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
}
