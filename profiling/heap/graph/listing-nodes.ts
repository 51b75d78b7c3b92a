/** Lists that were made since the first snapshot and now hold a leak: they hold, they do not leak. */

import type { ClassCensus } from '../growth/class-census.ts';
import type { Growth } from '../growth/growing-classes.ts';
import type { HeapGraph } from './heap-graph.ts';
import { isWrapper } from './wrapper-class.ts';

/** A list holds this share of a class's new objects at least. */
const LEAST_SHARE = 0.25;
const COLLECTIONS: readonly string[] = ['Map', 'Set', 'WeakMap'];

/**
 * The array of an event's listeners begins with the second listener, a registry perhaps with the first session: where arrays grow as well, such a list
 * would pass for a leaked one.
 *
 * @param least of growth
 */
export function listingNodes(
  graph: HeapGraph,
  census: ClassCensus,
  growths: readonly Growth[],
  least: number,
): readonly number[] {
  const neededOf = new Map(
    growths.map(({ place, fresh }) => [place + 1, Math.max(least, fresh.length * LEAST_SHARE)]),
  );
  const isFresh = new Uint8Array(graph.nodes.count);
  for (const { fresh } of growths) for (const node of fresh) isFresh[node] = 1;
  const holdsMany = (node: number): boolean => {
    const held = new Map<number, number>();
    const count = (target: number) => {
      const place = census.classOf[target] ?? 0;
      if (isFresh[target] === 1) held.set(place, (held.get(place) ?? 0) + 1);
    };
    graph.eachStrongEdge(node, (_, target) => {
      count(target);
      if (graph.typeOf(target) === 'array') graph.eachStrongEdge(target, (__, item) => count(item));
    });
    return [...held].some(([place, many]) => many >= (neededOf.get(place) ?? Number.POSITIVE_INFINITY));
  };
  return growths.flatMap(({ place, fresh }) => {
    const heapClass = census.classes[place];
    if (heapClass === undefined || heapClass.kind !== 'object') return [];
    const isList = isWrapper(heapClass) || COLLECTIONS.includes(heapClass.name);
    return isList ? fresh.filter(holdsMany) : [];
  });
}
