/** When an object was born, told by its id alone: V8 gives ids in rising order, at each snapshot to what is new. */

import type { HeapSnapshot } from '../reading/heap-snapshot.ts';

/** Their ids are made from addresses, belong to no object, or are given anew in each snapshot. */
export const WITHOUT_AGE: readonly string[] = ['native', 'synthetic', 'number'];

/** Highest ids of the first snapshot, and of the one before the last. */
export interface Ages {
  readonly first: number;
  readonly beforeLast: number;
}

/** Highest id that the snapshot gave: whatever has a higher one in a later snapshot was not there yet. */
export function highestId({ nodes, nodeTypes }: Pick<HeapSnapshot, 'nodes' | 'nodeTypes'>): number {
  const hasAge = nodeTypes.map((type) => !WITHOUT_AGE.includes(type));
  let highest = 0;
  for (let node = 0; node < nodes.count; node += 1) {
    const id = nodes.id[node] ?? 0;
    if (id > highest && hasAge[nodes.type[node] ?? 0] === true) highest = id;
  }
  return highest;
}
