/** Which classes grew, by counts and by objects that stayed. */

import type { NodeColumns } from '../reading/heap-snapshot.ts';
import type { ClassCensus } from './class-census.ts';
import { leastGrowthOf } from './everyday-classes.ts';
import type { ObjectIds } from './object-ids.ts';

/** Nobody told how many connections there were: what a busy Node keeps by chance is below. */
const LEAST_WITHOUT_CONNECTIONS = 10;
const LEAST_GROWTH = 2;
const LEAST_PER_CONNECTION = 0.005;

/**
 * Fewest new objects in an interval that count as growth: 0.5 % of its connections, 2 at least; 10 where connections are not known.
 */
export function leastGrowthFor(connections: number | null): number {
  if (connections === null) return LEAST_WITHOUT_CONNECTIONS;
  return Math.max(LEAST_GROWTH, Math.ceil(connections * LEAST_PER_CONNECTION));
}

/** What is known of the earlier snapshots while the last one is looked at. */
export interface EarlierCounts {
  /** Of the first snapshot, by class key. */
  readonly first: ReadonlyMap<string, number>;
  /** Of the second; null where there are two snapshots in all. */
  readonly second: ReadonlyMap<string, number> | null;
  /** Objects of the first snapshot. */
  readonly firstIds: ObjectIds;
  /** Objects of the second that the first had not; null where there are two in all. */
  readonly bornIds: ObjectIds | null;
}

/** A class that grew, in the last snapshot. */
export interface Growth {
  /** Place in the classes of the last census. */
  readonly place: number;
  readonly counts: readonly [number, number, number];
  /** Nodes that the first snapshot had not. */
  readonly fresh: readonly number[];
  /** Of them, those that were in the second already; with two snapshots all of them. */
  readonly persisting: readonly number[];
}

/** Counts by class key, for keeping. */
export function countsByKey({ classes, counts }: ClassCensus): ReadonlyMap<string, number> {
  return new Map(classes.map(({ key }, place) => [key, counts[place] ?? 0]));
}

/** @param least of growth in each interval, and of objects that stayed */
export function findGrowing(
  census: ClassCensus,
  nodes: NodeColumns,
  earlier: EarlierCounts,
  least: number,
): readonly Growth[] {
  const counted = census.classes.map(({ key }, place): Growth['counts'] => {
    const [first, last] = [earlier.first.get(key) ?? 0, census.counts[place] ?? 0];
    return [first, earlier.second === null ? last : (earlier.second.get(key) ?? 0), last];
  });
  const hasTwo = earlier.second === null;
  const leasts = census.classes.map((heapClass) => leastGrowthOf(heapClass, least));
  const grew = counted.map(([first, second, last], place) => {
    const needed = leasts[place] ?? least;
    return second - first >= needed && (hasTwo || last - second >= needed);
  });
  const fresh = counted.map((): number[] => []);
  const persisting = counted.map((): number[] => []);
  for (let node = 0; node < nodes.count; node += 1) {
    const place = (census.classOf[node] ?? 0) - 1;
    if (grew[place] !== true) continue;
    const id = nodes.id[node] ?? 0;
    if (earlier.firstIds.has(id)) continue;
    fresh[place]?.push(node);
    if (earlier.bornIds === null || earlier.bornIds.has(id)) persisting[place]?.push(node);
  }
  return counted.flatMap((counts, place) => {
    const stayed = persisting[place] ?? [];
    if (grew[place] !== true || stayed.length < (leasts[place] ?? least)) return [];
    return [{ place, counts, fresh: fresh[place] ?? [], persisting: stayed }];
  });
}
