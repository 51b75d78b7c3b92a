/**
 * Plain objects and arrays: everybody makes them, so a few more or less say nothing, and those that stay need not be those that
 * are more. On a busy machine a clean server had 9 more Objects after 400 connections, while a ring of fixed size had
 * changed its entries, and the ring looked like their holder.
 */

import type { HeapClass } from './class-census.ts';

const EVERYDAY: ReadonlySet<string> = new Set(['Object', 'Array']);
/** Of the growth that any other class needs. */
const TIMES = 5;
const LEAST_GROWTH = 10;

/** What everybody makes, and strings and numbers in a collection, must grow by. @param least growth of a class with a name of its own */
export function leastEverydayGrowth(least: number): number {
  return Math.max(LEAST_GROWTH, TIMES * least);
}

/** @param least growth of a class with a name of its own. @returns what this one needs */
export function leastGrowthOf({ kind, name, location }: HeapClass, least: number): number {
  const isEveryday = kind === 'object' && location === null && EVERYDAY.has(name);
  return isEveryday ? leastEverydayGrowth(least) : least;
}
