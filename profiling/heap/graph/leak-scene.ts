/** The last snapshot with everything that is asked about a leak in it. */

import type { ClassCensus, HeapClass } from '../growth/class-census.ts';
import type { Growth } from '../growth/growing-classes.ts';
import type { HeapSnapshot } from '../reading/heap-snapshot.ts';
import { HeapGraph } from './heap-graph.ts';
import { LeakWalk } from './leak-walk.ts';
import { listingNodes } from './listing-nodes.ts';
import { findScriptFiles, type ScriptFiles } from './script-files.ts';

/** Read by what names holders, paths, events and lines. */
export interface LeakScene {
  readonly graph: HeapGraph;
  readonly census: ClassCensus;
  readonly walk: LeakWalk;
  /** By node: 1 for what the first snapshot had not and whose class grows. */
  readonly isLeaked: Uint8Array;
  readonly files: ScriptFiles;
}

/** What grew, and from how many new objects on that is growth. */
export interface FoundGrowth {
  readonly growths: readonly Growth[];
  readonly leastGrowth: number;
}

/** @param snapshot the last one, with edges */
export function setScene(
  snapshot: HeapSnapshot,
  census: ClassCensus,
  { growths, leastGrowth }: FoundGrowth,
): LeakScene {
  const graph = new HeapGraph(snapshot);
  const isLeaked = new Uint8Array(graph.nodes.count);
  for (const { fresh } of growths) for (const node of fresh) isLeaked[node] = 1;
  for (const list of listingNodes(graph, census, growths, leastGrowth)) isLeaked[list] = 0;
  return { graph, census, isLeaked, walk: new LeakWalk(graph, isLeaked), files: findScriptFiles(graph) };
}

/** @returns null for what is of no class: strings, arrays, V8's own */
export function classOfNode({ census }: LeakScene, node: number): HeapClass | null {
  return census.classes[(census.classOf[node] ?? 0) - 1] ?? null;
}
