/** What a comparison of heap snapshots comes to. */

import type { GrowingClass, HeapGrowth } from '../record/heap-growth-record.ts';

export type HeapDiffVerdict = 'pass' | 'fail' | 'inconclusive';

export function heapDiffVerdict(growth: HeapGrowth): HeapDiffVerdict {
  if (leaksOf(growth).length > 0) return 'fail';
  const { doubtful = [], unexplained = [] } = growth;
  return doubtful.length + unexplained.length > 0 ? 'inconclusive' : 'pass';
}

/** Classes and collections that grow, the one to name first comes first. */
export function leaksOf({ classes, collections = [] }: HeapGrowth): readonly GrowingClass[] {
  return [...classes, ...collections];
}
