/**
 * The least of several looks. What is only on its way (a socket of the admin port that just ended, a timer that is
 * about to fire) is gone in another look; what leaked is there in all of them.
 */

import type { LifecycleSample } from '../record/lifecycle-record.ts';

type Counts = Readonly<Record<string, number>>;

/** @returns each figure at its least; a name that one of the looks lacks counts as 0 there; null without a look */
export function leastLifecycle(looks: readonly LifecycleSample[]): LifecycleSample | null {
  const [first, ...others] = looks;
  if (first === undefined) return null;
  return others.reduce(leastOfTwo, first);
}

function leastOfTwo(a: LifecycleSample, b: LifecycleSample): LifecycleSample {
  return {
    structures: leastCounts(a.structures, b.structures),
    bounds: leastCounts(a.bounds, b.bounds),
    listeners: leastCounts(a.listeners, b.listeners),
    timers: Math.min(a.timers, b.timers),
    openFds: a.openFds === null || b.openFds === null ? null : Math.min(a.openFds, b.openFds),
    // A look may leave them out: counting takes long.
    classes:
      a.classes === null || b.classes === null ? (a.classes ?? b.classes) : leastCounts(a.classes, b.classes),
  };
}

function leastCounts(a: Counts, b: Counts): Record<string, number> {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, Math.min(a[name] ?? 0, b[name] ?? 0)]));
}
