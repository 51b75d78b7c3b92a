/** How to find by hand who holds what: the command that compares heap snapshots. */

import type { MemoryRecord } from '../../record/memory-record.ts';

/** For a server of which no snapshots were kept. */
export const HEAP_DIFF =
  'take two heap snapshots (POST /debug/heap-snapshot), before and after some hundred connections, and compare them (npm run heap:diff -- before.heapsnapshot after.heapsnapshot)';

/** With the files of this run where they were kept. */
export function heapDiffOf({ heapGrowth }: Pick<MemoryRecord, 'heapGrowth'>): string {
  const files = (heapGrowth?.snapshots ?? []).flatMap(({ file }) => file ?? []);
  return files.length < 2 ? HEAP_DIFF : `npm run heap:diff -- ${files.join(' ')}, in the folder of this run`;
}
