/** What a collection that grew says: strings that stayed, numbers that stayed, entries, or room for entries that leave no nodes. */

import type { GrowingClass } from '../../record/heap-growth-record.ts';
import { type GrownCollection, grewSteadily, type ThreeCounts } from '../growth/growing-collections.ts';
import type { HeldValues } from './held-values.ts';

/** Words that are used again and again, and numbers, have no age that tells whether they stayed: they must come at an even pace. */
const EVEN_RATIO = 0.5;
/** Of the growth in the first interval: below, what fills up slows down, as a cache of all cities does. */
const FADING_RATIO = 2 / 3;
/** Fewer edges than this share of the entries there is room for: what it holds are small numbers, which have none. */
const NUMBERS_SHARE = 0.25;
/** To its shape and its prototype. */
const TABLE_EDGES = 3;
/** Room that was made once for fewer entries says nothing: a queue was longer for a moment. */
const LEAST_ROOM = 128;
/** A table of V8 has key, value and chain for each entry, and a bucket for two. */
const BYTES_PER_ENTRY: Readonly<Record<string, number>> = { Map: 28, Set: 20 };
const BYTES_PER_ELEMENT = 8;
/**
 * At its limit a list that takes in at the end and lets go at the start has room for its length up to half as much again, and 16: V8 adds that when it
 * is full, and it shrinks with each entry that goes.
 */
const SWINGING = { ratio: 1.5, more: 16 };
/** They let go of room that they no longer need; an object used as a dictionary keeps that of its busiest moment. */
const SHRINKING: readonly string[] = ['Map', 'Set', 'Array'];

export interface CollectionJudgement {
  readonly kind: GrowingClass['kind'];
  readonly counts: ThreeCounts;
  /** Born between the first two snapshots and still there. */
  readonly persisting: number;
  readonly fresh: readonly number[];
  /** False where it may come to an end: it slows down, or has room for numbers that a list at its limit may have. */
  readonly isProven: boolean;
}

export interface CollectionGrowthNeeds {
  /** Class of the collection. */
  readonly name: string;
  /** Whether its store is the elements of an array or an object, or a table of entries. */
  readonly hasRoom: boolean;
  /** New entries in an interval. */
  readonly least: number;
  readonly isOneInterval: boolean;
}

/** @returns null where it did not grow in both intervals, or by objects, of which their classes tell */
export function judgeCollection(
  { references, storeBytes }: GrownCollection,
  held: HeldValues,
  needs: CollectionGrowthNeeds,
): CollectionJudgement | null {
  const { isOneInterval, least } = needs;
  const steady = { least, isOneInterval };
  const [first, second, last] = references;
  if (grewSteadily(references, steady)) {
    const persisting = valuesThatStayed(references, held);
    if (persisting - held.persistingLeaks >= least && hasFresh(held, least)) {
      const [kind, fresh] = mostFresh(held);
      return { kind, counts: references, persisting, fresh, isProven: !fades(references, isOneInterval) };
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
  return needs.hasRoom ? judgeRoom(storeBytes, last, needs) : null;
}

/** Small numbers and numbers with fractions hang on no edge: the room for them is all that is seen. */
function judgeRoom(
  storeBytes: ThreeCounts,
  references: number,
  { name, least, isOneInterval }: CollectionGrowthNeeds,
): CollectionJudgement | null {
  const entryBytes = BYTES_PER_ENTRY[name] ?? BYTES_PER_ELEMENT;
  const places = storeBytes.map((bytes) => Math.floor(bytes / entryBytes));
  const [before = 0, between = 0, after = 0] = places;
  if (references >= after * NUMBERS_SHARE || between < before || after < between) return null;
  const counts = [before, between, after] as const;
  const isBeyondSwing = after > before * SWINGING.ratio + SWINGING.more;
  const isProven = isBeyondSwing && grewSteadily(counts, { least, isOneInterval });
  const isDoubtful = SHRINKING.includes(name) && after - before >= Math.max(least, LEAST_ROOM);
  if (!isProven && !isDoubtful) return null;
  return { kind: 'place', counts, persisting: between - before, fresh: [], isProven };
}

function fades([first, second, last]: ThreeCounts, isOneInterval: boolean): boolean {
  return !isOneInterval && last - second < (second - first) * FADING_RATIO;
}

/**
 * What the first interval added and the last snapshot still has. A message may be older than its place in a list of old messages, so not
 * its birth counts: of the values from before the last snapshot there must be more than the first one had.
 */
function valuesThatStayed([first, second]: ThreeCounts, { persisting, others }: HeldValues): number {
  const before = first - Math.min(others, TABLE_EDGES);
  return Math.min(second - first, persisting - before);
}

/** Words that are used again and again are told as entries. */
function hasFresh({ freshStrings, freshNumbers, freshSigns }: HeldValues, least: number): boolean {
  return freshStrings.length + freshNumbers.length + freshSigns.length >= least;
}

function mostFresh({ freshStrings, freshNumbers, freshSigns }: HeldValues) {
  if (freshSigns.length > Math.max(freshStrings.length, freshNumbers.length)) {
    return ['entry', freshSigns] as const;
  }
  return freshStrings.length >= freshNumbers.length
    ? (['string', freshStrings] as const)
    : (['number', freshNumbers] as const);
}
