/** What the heap is made of, by kind: says that it grows where no class and no collection does. */

import type { HeapGrowth, KindGrowth } from '../../record/heap-growth-record.ts';
import type { HeapSnapshot } from '../reading/heap-snapshot.ts';
import { grewSteadily } from './growing-collections.ts';
import { type Ages, WITHOUT_AGE } from './object-age.ts';

/** Not code, shapes and what V8 makes by itself: they grow as functions get warm. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'strings',
  'concatenated string': 'strings',
  'sliced string': 'strings',
  number: 'numbers',
  bigint: 'numbers',
  array: 'arrays and tables',
  object: 'objects',
  closure: 'closures',
  native: 'Buffers and other natives',
};
/** Below, a busy program may grow by chance. */
const LEAST_BYTES = 100_000;
/** Of the heap in the first snapshot. */
const LEAST_RATIO = 0.02;
/**
 * Of its nodes, as many in both intervals, and those of the first stay: a text that requests add to is many small ones. Clean servers had 0.1 % more
 * or less; a list that is emptied now and then has more by chance, all of them new.
 */
const LEAST_COUNT_RATIO = 0.01;
const EVEN_RATIO = 0.5;
/** Of the whole growth: less is not worth a word. */
const LEAST_SHARE = 0.1;

interface KindSize {
  readonly count: number;
  readonly bytes: number;
}

/** By what `KINDS` calls it. */
export type KindSizes = ReadonlyMap<string, KindSize>;

export function kindSizes({ nodes, nodeTypes }: Pick<HeapSnapshot, 'nodes' | 'nodeTypes'>): KindSizes {
  const counts = nodeTypes.map(() => 0);
  const bytes = nodeTypes.map(() => 0);
  for (let node = 0; node < nodes.count; node += 1) {
    const type = nodes.type[node] ?? 0;
    counts[type] = (counts[type] ?? 0) + 1;
    bytes[type] = (bytes[type] ?? 0) + (nodes.selfBytes[node] ?? 0);
  }
  const sizes = new Map<string, KindSize>();
  for (const [place, type] of nodeTypes.entries()) {
    const kind = KINDS[type];
    if (kind === undefined) continue;
    const known = sizes.get(kind) ?? { count: 0, bytes: 0 };
    sizes.set(kind, {
      count: known.count + (counts[place] ?? 0),
      bytes: known.bytes + (bytes[place] ?? 0),
    });
  }
  return sizes;
}

/** How many nodes of the last snapshot were born between the first two. */
export function countStayed({ nodes, nodeTypes }: HeapSnapshot, { first, beforeLast }: Ages): number {
  const isCounted = nodeTypes.map((type) => KINDS[type] !== undefined && !WITHOUT_AGE.includes(type));
  let stayed = 0;
  for (let node = 0; node < nodes.count; node += 1) {
    const id = nodes.id[node] ?? 0;
    if (id > first && id <= beforeLast && isCounted[nodes.type[node] ?? 0] === true) stayed += 1;
  }
  return stayed;
}

/**
 * @param sizes of the two or three snapshots
 * @param heapBytes of the first
 * @param stayed nodes of the last that were born between the first two
 * @returns the kinds that make it up, the largest growth first; none where the whole growth does not matter
 */
export function findKindGrowth(
  sizes: readonly KindSizes[],
  { heapBytes, stayed }: { readonly heapBytes: number; readonly stayed: number },
): NonNullable<HeapGrowth['unexplained']> {
  const isOneInterval = sizes.length === 2;
  const whole = three(sizes, (of) => [...of.values()].reduce((sum, { bytes }) => sum + bytes, 0));
  const alive = three(sizes, (of) => [...of.values()].reduce((sum, { count }) => sum + count, 0));
  const isHeavier = grewSteadily(whole, {
    least: Math.max(LEAST_BYTES, heapBytes * LEAST_RATIO),
    isOneInterval,
  });
  const leastAlive = alive[0] * LEAST_COUNT_RATIO;
  const isFuller =
    (isOneInterval || stayed >= leastAlive) &&
    grewSteadily(whole, { least: LEAST_BYTES, isOneInterval }) &&
    grewSteadily(alive, { least: leastAlive, isOneInterval, ratio: EVEN_RATIO });
  if (!isHeavier && !isFuller) return [];
  const kinds = [...new Set(Object.values(KINDS))].map(
    (kind): KindGrowth => ({
      kind,
      counts: three(sizes, (of) => of.get(kind)?.count ?? 0),
      bytes: three(sizes, (of) => of.get(kind)?.bytes ?? 0),
    }),
  );
  return kinds
    .filter(({ bytes }) => bytes[2] - bytes[0] >= (whole[2] - whole[0]) * LEAST_SHARE)
    .toSorted((a, b) => b.bytes[2] - b.bytes[0] - (a.bytes[2] - a.bytes[0]));
}

function three(sizes: readonly KindSizes[], pick: (of: KindSizes) => number): [number, number, number] {
  const [first = 0, second = 0, third = second] = sizes.map(pick);
  return [first, second, third];
}
