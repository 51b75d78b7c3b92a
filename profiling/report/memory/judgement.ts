/** What the report of a memory run is made from. */

import type { MemoryAnalysis } from '../../analysis/memory/memory-analysis.ts';
import type { MemoryRecord } from '../../record/memory-record.ts';
import type { MemoryVerdict } from '../../verdict/memory/memory-verdict.ts';

export interface JudgedMemory {
  readonly record: MemoryRecord;
  readonly analysis: MemoryAnalysis;
  readonly verdict: MemoryVerdict;
}
