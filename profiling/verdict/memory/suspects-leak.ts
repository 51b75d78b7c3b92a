/** Whether a memory run gives reason to look into its heap snapshots. */

import type { MemoryVerdict } from './memory-verdict.ts';

export function suspectsLeak({ growing, leaks, checks }: MemoryVerdict): boolean {
  const grows = checks.some(({ name, verdict }) => name.endsWith('-slope') && verdict === 'fail');
  return growing.length > 0 || leaks.length > 0 || grows;
}
