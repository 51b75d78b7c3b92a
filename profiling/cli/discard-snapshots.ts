/** Heap snapshots hold every string of a server: they stay only where there is a reason to look into them. */

import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { analyseMemory } from '../analysis/memory/analyse-memory.ts';
import type { RunRecord } from '../record/run-record.ts';
import { judgeMemory } from '../verdict/memory/judge-memory.ts';
import { suspectsLeak } from '../verdict/memory/suspects-leak.ts';

/**
 * Removes the snapshots of a run that shows no leak, and what was allocated between them.
 *
 * @returns the record, which then names no files
 */
export async function discardSnapshots(record: RunRecord, runFolder: string): Promise<RunRecord> {
  if (record.scenario !== 'memory' || record.heapGrowth == null) return record;
  if (suspectsLeak(judgeMemory(record, analyseMemory(record)))) return record;
  const { heapGrowth } = record;
  const files = heapGrowth.snapshots.flatMap(({ file }) => file ?? []);
  const folders = new Set(files.map((file) => dirname(join(runFolder, file))));
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  const snapshots = heapGrowth.snapshots.map((fact) => ({ ...fact, file: null }));
  return { ...record, heapGrowth: { ...heapGrowth, snapshots }, allocationProfile: null };
}
