/** The shortest way from the root to every node, entering what leaks as late as possible. */

import type { HeapGraph, Step } from './heap-graph.ts';

/** Not reached. */
const NOWHERE = 2 ** 32 - 1;
const MOMENTARY_ROOTS: readonly string[] = ['(Stack roots)', '(Handle scope)'];

/**
 * A breadth-first walk in levels: a level ends where the next leaked object begins. So the node above a leaked object is one that does not leak,
 * wherever there is any, and the rings that leaked objects form among themselves lead nobody astray.
 */
export class LeakWalk {
  /** By node: leaked objects on the way, itself included. */
  readonly level: Uint32Array;
  readonly #from: Uint32Array;
  readonly #edge: Uint32Array;

  /** @param isLeaked by node, 1 for an object that leaks */
  constructor(graph: HeapGraph, isLeaked: Uint8Array) {
    const { count } = graph.nodes;
    this.level = new Uint32Array(count).fill(NOWHERE);
    this.#from = new Uint32Array(count).fill(NOWHERE);
    this.#edge = new Uint32Array(count);
    this.level[0] = 0;
    const momentary: number[] = [];
    let queue = this.#walkLevel(graph, isLeaked, { queue: [0], level: 0, momentary });
    queue.push(...this.#walkLevel(graph, isLeaked, { queue: momentary, level: 0 }));
    for (let level = 1; queue.length > 0; level += 1) {
      queue = this.#walkLevel(graph, isLeaked, { queue, level });
    }
  }

  /** @returns null for the root, and for what nothing keeps alive */
  stepInto(node: number): Step | null {
    const from = this.#from[node] ?? NOWHERE;
    return from === NOWHERE ? null : { from, edge: this.#edge[node] ?? 0 };
  }

  isReached(node: number): boolean {
    return this.level[node] !== NOWHERE;
  }

  /** @returns the leaked nodes that begin the next level */
  #walkLevel(graph: HeapGraph, isLeaked: Uint8Array, { queue, level, momentary }: LevelWalk): number[] {
    const next: number[] = [];
    let source = 0;
    const visit = (edge: number, target: number) => {
      if (this.level[target] !== NOWHERE) return;
      const leaks = isLeaked[target] === 1;
      this.level[target] = leaks ? level + 1 : level;
      this.#from[target] = source;
      this.#edge[target] = edge;
      (leaks ? next : queue).push(target);
    };
    for (let at = 0; at < queue.length; at += 1) {
      source = queue[at] ?? 0;
      if (momentary !== undefined && isMomentary(graph, source)) momentary.push(source);
      else graph.eachStrongEdge(source, visit);
    }
    return next;
  }
}

interface LevelWalk {
  readonly queue: number[];
  readonly level: number;
  /** Takes the roots that are to be walked after all others; without it none is put off. */
  readonly momentary?: number[];
}

/** What the stack holds while the snapshot is written tells nothing: everything else is asked first. */
function isMomentary(graph: HeapGraph, node: number): boolean {
  return graph.typeOf(node) === 'synthetic' && MOMENTARY_ROOTS.includes(graph.nameOf(node));
}
