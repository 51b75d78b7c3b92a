/** What of three heap snapshots decides: every class that grows, and collections that grow far above chance. */

import type { GrowingClass, HeapGrowth } from '../../record/heap-growth-record.ts';

/** Entries in each half, of its connections: clean servers showed no collection from a third of that on, in every run. */
const LEAST_RATIO = 0.1;

/** The one to name first comes first. */
export function judgedGrowth(growth: HeapGrowth | null | undefined): readonly GrowingClass[] {
  const { classes = [], collections = [], connections = null } = growth ?? {};
  const least = (connections ?? Number.POSITIVE_INFINITY) * LEAST_RATIO;
  const isFarAbove = ({ counts: [first, second, last], persisting }: GrowingClass) =>
    Math.min(second - first, last - second, persisting) >= least;
  return [...classes, ...collections.filter(isFarAbove)];
}
