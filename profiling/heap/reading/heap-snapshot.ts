/** A heap snapshot in memory: columns of numbers, a row a node and a row an edge, and the table of strings. */

import type { CollectionSizes } from './collection-sizes.ts';
import type { StringTable } from './string-table.ts';

/** Where a function was written, or the constructor of an object. Lines and columns from 0. */
export interface ScriptLocation {
  readonly scriptId: number;
  readonly line: number;
  readonly column: number;
}

export interface NodeColumns {
  readonly count: number;
  /** Place in `HeapSnapshot.nodeTypes`. */
  readonly type: Uint8Array;
  /** Number of the string. */
  readonly name: Uint32Array;
  /** Stays the same as long as the object lives. */
  readonly id: Uint32Array;
  readonly selfBytes: Float64Array;
  /** Edges of node n are those from `firstEdge[n]` up to, not with, `firstEdge[n + 1]`. */
  readonly firstEdge: Uint32Array;
  /** Number in `HeapSnapshot.locations` plus 1; 0 where there is none. */
  readonly location: Uint32Array;
}

export interface EdgeColumns {
  readonly count: number;
  /** Place in `HeapSnapshot.edgeTypes`. */
  readonly type: Uint8Array;
  /** Number of the string; of an element or a hidden edge, its index. */
  readonly name: Uint32Array;
  /** Node it points to. */
  readonly to: Uint32Array;
}

export interface HeapSnapshot {
  readonly nodeTypes: readonly string[];
  readonly nodes: NodeColumns;
  readonly edgeTypes: readonly string[];
  /** Null where nobody asked to keep edges. */
  readonly edges: EdgeColumns | null;
  readonly collections: CollectionSizes;
  readonly locations: readonly ScriptLocation[];
  readonly strings: StringTable;
}

/** Types of nodes whose names are what a program computed, not what it is made of. */
const CONTENT_TYPES: readonly string[] = [
  'string',
  'concatenated string',
  'sliced string',
  'number',
  'bigint',
  'regexp',
];
/** Types of edges that have an index where others have a name. */
const INDEX_TYPES: readonly string[] = ['element', 'hidden'];

/** For each place in `nodeTypes`: whether the names of such nodes say what the program is made of. */
export function namesCount(nodeTypes: readonly string[]): readonly boolean[] {
  return nodeTypes.map((type) => !CONTENT_TYPES.includes(type));
}

/** For each place in `edgeTypes`: whether such edges have a name. */
export function edgesAreNamed(edgeTypes: readonly string[]): readonly boolean[] {
  return edgeTypes.map((type) => !INDEX_TYPES.includes(type));
}
