/** What the scenario `memory` measured. */

import { type Static, Type } from 'typebox';
import { LoadResultSchema } from '../../load-tests/generator/load-result.ts';
import { HeapGrowthSchema } from './heap-growth-record.ts';
import { LifecycleSampleSchema, ReleasePointsSchema } from './lifecycle-record.ts';
import { ENVELOPE } from './run-envelope.ts';
import { MemorySampleSchema, ServerCountersSchema } from './tier-record.ts';

const NullableNumber = Type.Union([Type.Number(), Type.Null()]);
const MaybeMemory = Type.Union([MemorySampleSchema, Type.Null()]);
const MaybeLifecycle = Type.Union([LifecycleSampleSchema, Type.Null()]);

/** Clients join, exchange, half of them unsubscribe while still open, all leave. */
export const MemoryCycleSchema = Type.Object({
  /** Warm-up cycles are not judged. */
  kind: Type.Union([Type.Literal('warm-up'), Type.Literal('measured')]),
  load: LoadResultSchema,
  serverCounters: ServerCountersSchema,
  /** Everyone connected, no forced collection. */
  connected: MaybeMemory,
  /** Half unsubscribed, everyone still connected: their room entries must be gone. */
  partLeft: MaybeLifecycle,
  /** From the end of the load until the target held no more connections than before; null when it never did in time. */
  releaseMs: NullableNumber,
  /** Everyone gone, before a collection. */
  closed: MaybeMemory,
  /** After forced collection. */
  collected: MaybeMemory,
  /** After forced collection, without classes. */
  left: MaybeLifecycle,
});

export const MEMORY_BODY = {
  scenario: Type.Literal('memory'),
  /** Connections in each cycle. */
  connections: Type.Integer({ minimum: 1 }),
  /** Before the first connection, after forced collection. */
  initial: MaybeMemory,
  cycles: Type.Array(MemoryCycleSchema),
  /** After the last cycle and a pause, after forced collection. */
  final: MaybeMemory,
  /** After the warm-up cycles, and after the last: what the verdict compares. */
  baseline: MaybeLifecycle,
  end: MaybeLifecycle,
  releasePoints: ReleasePointsSchema,
  /** What heap snapshots after the warm-up, half of the cycles and all of them say grew; null where none could be compared. */
  heapGrowth: Type.Optional(Type.Union([HeapGrowthSchema, Type.Null()])),
  /** Why none could be compared, in a sentence without a full stop. */
  noHeapGrowth: Type.Optional(Type.String()),
  /** Path from the run's folder to what was allocated since the baseline and is still alive; null where it was not kept. */
  allocationProfile: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** Heap of the profiler itself after collection; null where it runs without --expose-gc. */
  profilerHeap: Type.Union([
    Type.Object({ baselineBytes: Type.Number(), endBytes: Type.Number() }),
    Type.Null(),
  ]),
} as const;

const BodySchema = Type.Object(MEMORY_BODY);
export const MemoryRecordSchema = Type.Object({ ...ENVELOPE, ...MEMORY_BODY });

export type MemoryBody = Static<typeof BodySchema>;
export type MemoryRecord = Static<typeof MemoryRecordSchema>;
export type MemoryCycle = Static<typeof MemoryCycleSchema>;
