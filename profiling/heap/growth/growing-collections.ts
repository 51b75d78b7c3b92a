/** Which collections grew, by their sizes in each snapshot: one that is replaced entry by entry, at its limit, did not. */

import type { CollectionSize, CollectionSizes } from '../reading/collection-sizes.ts';
import type { HeapSnapshot, NodeColumns } from '../reading/heap-snapshot.ts';
import { type Ages, highestId } from './object-age.ts';

/** The least that an entry takes: an element of an array. */
const BYTES_PER_ENTRY = 8;
/** Of two equal intervals the smaller growth is this share of the larger one at least: what fills up slows down. */
const STEADY_RATIO = 0.25;

/** What is kept of an earlier snapshot. */
export interface EarlierCollections {
  readonly sizes: CollectionSizes;
  readonly highestId: number;
}

/** Second is null where there are two snapshots in all. */
export interface EarlierPair {
  readonly first: EarlierCollections;
  readonly second: EarlierCollections | null;
}

export type ThreeCounts = readonly [number, number, number];

/** A collection that was there before the last snapshot and holds more, or has more room, in the last one. */
export interface GrownCollection {
  readonly node: number;
  readonly references: ThreeCounts;
  readonly storeBytes: ThreeCounts;
}

export function collectionsOf(snapshot: HeapSnapshot): EarlierCollections {
  return { sizes: snapshot.collections, highestId: highestId(snapshot) };
}

/** When the first snapshot and the one before the last were taken, as ids tell. */
export function agesOf({ first, second }: EarlierPair): Ages {
  return { first: first.highestId, beforeLast: (second ?? first).highestId };
}

/** @param least new references in an interval */
export function findGrownCollections(
  { collections, nodes }: Pick<HeapSnapshot, 'collections' | 'nodes'>,
  { first, second }: EarlierPair,
  least: number,
): readonly GrownCollection[] {
  const grown = new Map<number, Omit<GrownCollection, 'node'>>();
  for (const [id, last] of collections) {
    if (id > (second ?? first).highestId) continue;
    const sizes = [sizeAt(first, id), second === null ? last : sizeAt(second, id), last] as const;
    const references = countsOf(sizes, (size) => size.references);
    const storeBytes = countsOf(sizes, (size) => size.storeBytes);
    const leastBytes = least * BYTES_PER_ENTRY;
    if (references[2] - references[0] < least && storeBytes[2] - storeBytes[0] < leastBytes) continue;
    grown.set(id, { references, storeBytes });
  }
  return withNodes(grown, nodes);
}

/** Whether it grew in both intervals, or in the only one, by as much, and did not fade away. */
export function grewSteadily(
  [first, second, last]: ThreeCounts,
  { least, isOneInterval, ratio = STEADY_RATIO }: SteadyGrowth,
): boolean {
  const [before, after] = [second - first, last - second];
  if (isOneInterval) return before >= least;
  return Math.min(before, after) >= Math.max(least, Math.max(before, after) * ratio);
}

export interface SteadyGrowth {
  readonly least: number;
  readonly isOneInterval: boolean;
  readonly ratio?: number;
}

function sizeAt({ sizes, highestId: highest }: EarlierCollections, id: number): CollectionSize {
  return id > highest ? { references: 0, storeBytes: 0 } : sizes.of(id);
}

function countsOf(
  [first, second, last]: readonly [CollectionSize, CollectionSize, CollectionSize],
  pick: (size: CollectionSize) => number,
): ThreeCounts {
  return [pick(first), pick(second), pick(last)];
}

function withNodes(
  grown: ReadonlyMap<number, Omit<GrownCollection, 'node'>>,
  nodes: NodeColumns,
): readonly GrownCollection[] {
  const found: GrownCollection[] = [];
  if (grown.size === 0) return found;
  for (let node = 0; node < nodes.count; node += 1) {
    const sizes = grown.get(nodes.id[node] ?? 0);
    if (sizes !== undefined) found.push({ node, ...sizes });
  }
  return found;
}
