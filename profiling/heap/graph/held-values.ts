/** What a collection holds, by age and kind: strings and numbers have no class, so who holds them is all that can be told of them. */

import type { Ages } from '../growth/object-age.ts';
import type { HeapGraph } from './heap-graph.ts';
import type { LeakScene } from './leak-scene.ts';

const STRINGS: readonly string[] = ['string', 'concatenated string', 'sliced string'];
const NUMBERS: readonly string[] = ['number', 'bigint'];
/** Of no class in a snapshot either: each is called by its own text there. */
const SIGNS: readonly string[] = ['regexp', 'symbol'];

export interface HeldValues {
  /** That the first snapshot had not. */
  readonly freshStrings: readonly number[];
  readonly freshNumbers: readonly number[];
  /** Regular expressions and symbols. */
  readonly freshSigns: readonly number[];
  /** Strings, numbers and signs that were there before the last snapshot. */
  readonly persisting: number;
  /** Objects of classes that grow: they are told of by their class. */
  readonly persistingLeaks: number;
  /** Strings, numbers and signs that the first snapshot had: words that are used again and again. */
  readonly oldValues: number;
  /** What is none of these: objects, and the shape of the table. */
  readonly others: number;
}

export function heldValues({ graph, isLeaked }: LeakScene, collection: number, ages: Ages): HeldValues {
  const entries = entriesOf(graph, collection);
  const idOf = (node: number) => graph.nodes.id[node] ?? 0;
  const isOf = (types: readonly string[]) => (node: number) => types.includes(graph.typeOf(node));
  const isFresh = (node: number) => idOf(node) > ages.first;
  const persists = (node: number) => idOf(node) <= ages.beforeLast;
  const values = entries.filter(isOf([...STRINGS, ...NUMBERS, ...SIGNS]));
  return {
    freshStrings: values.filter(isFresh).filter(isOf(STRINGS)),
    freshNumbers: values.filter(isFresh).filter(isOf(NUMBERS)),
    freshSigns: values.filter(isFresh).filter(isOf(SIGNS)),
    persisting: values.filter(persists).length,
    persistingLeaks: entries.filter((node) => isLeaked[node] === 1 && persists(node)).length,
    oldValues: values.filter((node) => !isFresh(node)).length,
    others: entries.length - values.length,
  };
}

/** Bytes of values that the first snapshot had not, with the texts that they are cut out of or put together from, each once. */
export function bytesOf(graph: HeapGraph, values: readonly number[], ages: Ages): number {
  const seen = new Set<number>();
  const stack = [...values];
  let bytes = 0;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    bytes += graph.nodes.selfBytes[node] ?? 0;
    graph.eachStrongEdge(node, (_, target) => {
      if (isString(graph.typeOf(target)) && (graph.nodes.id[target] ?? 0) > ages.first) stack.push(target);
    });
  }
  return bytes;
}

/** The entries of an array hang on it and on its store, those of a Map on its table: whichever has more. */
function entriesOf(graph: HeapGraph, collection: number): readonly number[] {
  let most = targetsOf(graph, collection, ['element', 'property']);
  graph.eachStrongEdge(collection, (edge, store) => {
    if (graph.edgeTypeOf(edge) !== 'internal' || graph.typeOf(store) !== 'array') return;
    const stored = targetsOf(graph, store, null);
    if (stored.length > most.length) most = stored;
  });
  return most;
}

function targetsOf(graph: HeapGraph, node: number, edgeTypes: readonly string[] | null): number[] {
  const targets: number[] = [];
  graph.eachStrongEdge(node, (edge, target) => {
    if (edgeTypes === null || edgeTypes.includes(graph.edgeTypeOf(edge))) targets.push(target);
  });
  return targets;
}

function isString(type: string): boolean {
  return STRINGS.includes(type);
}
