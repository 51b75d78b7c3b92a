/** Collections that hang in one place as one: the twenty Arrays of a Map are one line of a program, and one leak. */

import type { GrowingClass, HeapGrowth } from '../../record/heap-growth-record.ts';

/** In a way from the root: `[17]: Array`. */
const INDEX = /\[\d+\]/g;

/**
 * For people to read: what is judged is every collection by itself, for many that grow by chance are no leak.
 *
 * @returns with `20 × Array: Store.byUser` as the holder, and what the twenty hold together
 */
export function groupCollections(growth: HeapGrowth): HeapGrowth {
  const { collections = [], doubtful = [] } = growth;
  return { ...growth, collections: grouped(collections), doubtful: grouped(doubtful) };
}

function grouped(found: readonly GrowingClass[]): GrowingClass[] {
  const groups = new Map<string, GrowingClass[]>();
  for (const one of found) {
    const place = [one.kind, one.holder, ...one.path].join(' ').replace(INDEX, '');
    groups.set(place, [...(groups.get(place) ?? []), one]);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      return first === undefined || group.length === 1 ? group : [sumOf(first, group)];
    })
    .toSorted((a, b) => b.bytesPerConnection - a.bytesPerConnection);
}

function sumOf(first: GrowingClass, group: readonly GrowingClass[]): GrowingClass {
  const sum = (pick: (one: GrowingClass) => number) => group.reduce((total, one) => total + pick(one), 0);
  return {
    ...first,
    counts: [sum(({ counts }) => counts[0]), sum(({ counts }) => counts[1]), sum(({ counts }) => counts[2])],
    persisting: sum(({ persisting }) => persisting),
    heldCount: sum(({ heldCount }) => heldCount),
    countPerConnection: sum(({ countPerConnection }) => countPerConnection),
    bytesPerConnection: sum(({ bytesPerConnection }) => bytesPerConnection),
    holder: `${group.length} × ${first.holder}`,
  };
}
