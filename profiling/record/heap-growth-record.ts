/** What heap snapshots say grew while connections came and went. */

import { type Static, Type } from 'typebox';

const MaybeText = Type.Union([Type.String(), Type.Null()]);

/** A line of source, mapped back to TypeScript where there is a source map. */
export const SourceLineSchema = Type.Object({
  /** Name of the function; empty for the top level of a module. */
  functionName: Type.String(),
  /** Path from the root of the project where it lies inside, else absolute; `node:…` of Node's own. */
  file: Type.String(),
  line: Type.Integer(),
});

/** Objects of one class that grew in both intervals and stayed. */
export const GrowingClassSchema = Type.Object({
  kind: Type.Union([Type.Literal('object'), Type.Literal('closure'), Type.Literal('native')]),
  /** Constructor; of a closure its function's name; `(anonymous)` where there is none. */
  name: Type.String(),
  /** Alive in the first, second and third snapshot. */
  counts: Type.Tuple([Type.Number(), Type.Number(), Type.Number()]),
  /** Born between the first two snapshots and alive in the third. */
  persisting: Type.Number(),
  /** New objects in both intervals, over the connections of both. */
  countPerConnection: Type.Number(),
  /** Bytes that new objects take and keep alive alone, over the connections of both intervals. */
  bytesPerConnection: Type.Number(),
  /** `Map: Registry.sessions`, `Array: Server._events.close`; null where nothing that was there before holds them. */
  holder: MaybeText,
  /** How many of them that holder holds. */
  heldCount: Type.Number(),
  /** From a root down to one of them, a step each, in words. */
  path: Type.Array(Type.String()),
  /** `close`, where they listen. */
  event: MaybeText,
  /** Another class of the list that keeps these alive: they go when it goes. */
  keptBy: MaybeText,
  /** Where they are allocated (objects) or written (closures). */
  allocatedAt: Type.Union([SourceLineSchema, Type.Null()]),
});

export const SnapshotFactSchema = Type.Object({
  /** Path from the run's folder; null where the file was removed after reading. */
  file: MaybeText,
  bytes: Type.Number(),
  objects: Type.Number(),
  /** Sum of the sizes of all nodes. */
  heapBytes: Type.Number(),
  /** How long the process stood still for it; null where nobody told. */
  durationMs: Type.Union([Type.Number(), Type.Null()]),
});

export const HeapGrowthSchema = Type.Object({
  snapshots: Type.Array(SnapshotFactSchema),
  /** Connections in each interval; null where nobody told. */
  connections: Type.Union([Type.Number(), Type.Null()]),
  /** Fewest new objects in each interval that count as growth. */
  leastGrowth: Type.Number(),
  /** What to name first comes first. */
  classes: Type.Array(GrowingClassSchema),
});

export type SourceLine = Static<typeof SourceLineSchema>;
export type GrowingClass = Static<typeof GrowingClassSchema>;
export type HeapGrowth = Static<typeof HeapGrowthSchema>;
