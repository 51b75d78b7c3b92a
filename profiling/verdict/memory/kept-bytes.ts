/** What stays of each connection that left, in words. */

import type { MemoryAnalysis } from '../../analysis/memory/memory-analysis.ts';
import { formatBytes } from '../quantities.ts';

/** `2.97 KB per connection (heap 2.97 KB, external 0 B)`; null where it cannot be said. */
export function formatKeptBytes({ keptBytesPerConnection, slopes }: MemoryAnalysis): string | null {
  if (keptBytesPerConnection === null) return null;
  const parts = `heap ${formatBytes(slopes.heapUsed?.slope ?? null)}, external ${formatBytes(slopes.external?.slope ?? null)}`;
  return `${formatBytes(keptBytesPerConnection)} per connection (${parts})`;
}
