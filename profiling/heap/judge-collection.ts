/** What a collection that grew says: strings that stayed, numbers that stayed, entries, or room for entries that leave no nodes. */

import type { GrowingClass } from '../record/heap-growth-record.ts';
import { type GrownCollection, grewSteadily, type ThreeCounts } from './growing-collections.ts';
import type { HeldValues } from './held-values.ts';

/** Words that are used again and again, and numbers, have no age that tells whether they stayed: they must come at an even pace. */
const EVEN_RATIO = 0.5;
/** Of the growth in the first interval: below, what fills up slows down, as a cache of all cities does. */
const FADING_RATIO = 2 / 3;
/** Fewer edges than this share of the entries there is room for: what it holds are small numbers, which have none. */
const NUMBERS_SHARE = 0.25;
/** A table of V8 has key, value and chain for each entry, and a bucket for two. */
const BYTES_PER_ENTRY: Readonly<Record<string, number>> = { Map: 28, Set: 20 };
const BYTES_PER_ELEMENT = 8;

export interface CollectionJudgement {
  readonly kind: GrowingClass['kind'];
  readonly counts: ThreeCounts;
  /** Born between the first two snapshots and still there. */
  readonly persisting: number;
  readonly fresh: readonly number[];
  /** False where it may come to an end: it slows down, or got room for numbers in one interval only. */
  readonly isProven: boolean;
}

export interface CollectionGrowthNeeds {
  /** Class of the collection. */
  readonly name: string;
  /** New entries in an interval. */
  readonly least: number;
  readonly isOneInterval: boolean;
}

/** @returns null where it did not grow in both intervals, or by objects, of which their classes tell */
export function judgeCollection(
  { references, storeBytes }: GrownCollection,
  held: HeldValues,
  { name, least, isOneInterval }: CollectionGrowthNeeds,
): CollectionJudgement | null {
  const steady = { least, isOneInterval };
  const [first, second, last] = references;
  if (grewSteadily(references, steady)) {
    const values = valuesThatStayed(held);
    if (values.persisting - held.persistingLeaks >= least) {
      return { ...values, counts: references, isProven: !fades(references, isOneInterval) };
    }
    const isEven = grewSteadily(references, { ...steady, ratio: EVEN_RATIO });
    if (isEven && held.oldValues + held.freshNumbers.length >= last / 2) {
      return {
        kind: 'entry',
        counts: references,
        persisting: second - first,
        fresh: [],
        isProven: !fades(references, isOneInterval),
      };
    }
    return null;
  }
  const entryBytes = BYTES_PER_ENTRY[name] ?? BYTES_PER_ELEMENT;
  const places = storeBytes.map((bytes) => Math.floor(bytes / entryBytes));
  const [before = 0, between = 0, after = 0] = places;
  if (last >= after * NUMBERS_SHARE || between < before || after < between) return null;
  if (after - before < least) return null;
  const counts = [before, between, after] as const;
  const isProven = grewSteadily(counts, steady);
  return { kind: 'place', counts, persisting: between - before, fresh: [], isProven };
}

function fades([first, second, last]: ThreeCounts, isOneInterval: boolean): boolean {
  return !isOneInterval && last - second < (second - first) * FADING_RATIO;
}

function valuesThatStayed({ persistingStrings, persistingNumbers, freshStrings, freshNumbers }: HeldValues) {
  return persistingStrings >= persistingNumbers
    ? ({ kind: 'string', persisting: persistingStrings, fresh: freshStrings } as const)
    : ({ kind: 'number', persisting: persistingNumbers, fresh: freshNumbers } as const);
}
