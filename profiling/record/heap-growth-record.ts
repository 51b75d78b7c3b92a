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

/** Objects of one class, or what one collection holds, that grew in both intervals and stayed. */
export const GrowingClassSchema = Type.Object({
  kind: Type.Union([
    Type.Literal('object'),
    Type.Literal('closure'),
    Type.Literal('native'),
    /** Strings in one collection. */
    Type.Literal('string'),
    /** Numbers in one collection that are nodes of their own. */
    Type.Literal('number'),
    /** References of one collection to words and numbers that were there before, or to regular expressions and symbols. */
    Type.Literal('entry'),
    /** Room of one collection for numbers that leave no nodes. */
    Type.Literal('place'),
  ]),
  /** Constructor; of a closure its function's name; `(anonymous)` where there is none; `strings` in a collection. */
  name: Type.String(),
  /**
   * Alive in the first, second and third snapshot; of two snapshots the last stands twice. Of a collection what it refers to in all, keys and
   * values; of places the entries that it has room for.
   */
  counts: Type.Tuple([Type.Number(), Type.Number(), Type.Number()]),
  /** Born between the first two snapshots and alive in the third; of two snapshots those born between them. */
  persisting: Type.Number(),
  /** New objects in both intervals, over the connections of both; over the intervals where nobody told connections. */
  countPerConnection: Type.Number(),
  /**
   * Bytes that would be free without the new objects of the class while all else stayed: their own and those of all that is
   * reached through them only, bytes of Buffers included. Over the same as `countPerConnection`. Classes that keep each other
   * alive count the same bytes, so these are not to be added up.
   */
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
  /** Where the constructor or the function is written; null for V8's own, absent in old records. */
  definedAt: Type.Optional(Type.Union([SourceLineSchema, Type.Null()])),
  /**
   * Of objects the function that makes them, from a heap profile, with the line where that function begins; of closures the line they are
   * written in; of timers without a heap profile the line of their callback; null where nothing tells.
   */
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

/** Nodes of one kind in the first, second and third snapshot. */
export const KindGrowthSchema = Type.Object({
  /** `strings`, `arrays and tables`. */
  kind: Type.String(),
  counts: Type.Tuple([Type.Number(), Type.Number(), Type.Number()]),
  bytes: Type.Tuple([Type.Number(), Type.Number(), Type.Number()]),
});

export const HeapGrowthSchema = Type.Object({
  snapshots: Type.Array(SnapshotFactSchema),
  /** Connections in each interval; null where nobody told. */
  connections: Type.Union([Type.Number(), Type.Null()]),
  /** Fewest new objects in each interval that count as growth. */
  leastGrowth: Type.Number(),
  /** What to name first comes first. */
  classes: Type.Array(GrowingClassSchema),
  /** Collections that grow by strings, numbers or entries, of which no class tells; absent in old records. */
  collections: Type.Optional(Type.Array(GrowingClassSchema)),
  /** Collections that grow more slowly, or got more room for numbers, as a list at its limit may: whether they go on growing cannot be seen. */
  doubtful: Type.Optional(Type.Array(GrowingClassSchema)),
  /** Where nothing is named and the heap grew in both intervals all the same: by what. */
  unexplained: Type.Optional(Type.Array(KindGrowthSchema)),
});

export type SourceLine = Static<typeof SourceLineSchema>;
export type GrowingClass = Static<typeof GrowingClassSchema>;
export type KindGrowth = Static<typeof KindGrowthSchema>;
export type HeapGrowth = Static<typeof HeapGrowthSchema>;
