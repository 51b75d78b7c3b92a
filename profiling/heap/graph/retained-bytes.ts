/** How many bytes a set of leaked objects keeps alive alone. */

import type { HeapGraph } from './heap-graph.ts';
import type { LeakWalk } from './leak-walk.ts';

/** Knows what lies behind leaked objects at all, and measures what lies behind some of them only. */
export class RetainedBytes {
  readonly #graph: HeapGraph;
  readonly #walk: LeakWalk;
  /** Leaked nodes that something which does not leak holds. */
  readonly #entries: readonly number[];
  readonly #totalBytes: number;
  /** By node: the number of the last question in which it was reached. */
  readonly #reachedIn: Uint32Array;
  #question = 0;

  /** @param leaked every leaked node */
  constructor(graph: HeapGraph, walk: LeakWalk, leaked: Iterable<number>) {
    this.#graph = graph;
    this.#walk = walk;
    this.#entries = [...leaked].filter((node) => walk.level[node] === 1);
    this.#reachedIn = new Uint32Array(graph.nodes.count);
    let total = 0;
    for (let node = 0; node < graph.nodes.count; node += 1) {
      if (this.#isBehind(node)) total += graph.nodes.selfBytes[node] ?? 0;
    }
    this.#totalBytes = total;
  }

  /**
   * Bytes that would be free if these nodes were gone and everything else stayed: their own, and those of all that is reached through them
   * only, the bytes of Buffers included.
   */
  of(gone: readonly number[]): number {
    this.#question += 1;
    const question = this.#question;
    for (const node of gone) this.#reachedIn[node] = question;
    let keptBytes = 0;
    const stack: number[] = [];
    const reach = (node: number) => {
      if (this.#reachedIn[node] === question || !this.#isBehind(node)) return;
      this.#reachedIn[node] = question;
      keptBytes += this.#graph.nodes.selfBytes[node] ?? 0;
      stack.push(node);
    };
    for (const entry of this.#entries) reach(entry);
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      this.#graph.eachStrongEdge(node, (_, target) => reach(target));
    }
    return this.#totalBytes - keptBytes;
  }

  /** Whether every way to it leads through a leaked object. */
  #isBehind(node: number): boolean {
    return this.#walk.isReached(node) && (this.#walk.level[node] ?? 0) > 0;
  }
}
