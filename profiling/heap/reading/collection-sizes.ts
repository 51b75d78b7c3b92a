/**
 * How much the collections of a snapshot hold: Maps, Sets, Arrays, objects used as dictionaries. Measured while edges pass by, so that
 * no edge of an earlier snapshot is kept.
 */

import type { NodeColumns } from './heap-snapshot.ts';
import type { SnapshotMeta } from './snapshot-meta.ts';

export interface CollectionSize {
  /** Edges to what it holds. Small numbers have none, and neither have true, false, null and undefined. */
  readonly references: number;
  /** Of the table or the arrays that it keeps its entries in: room for entries, whether they have edges or not. */
  readonly storeBytes: number;
}

/** Below both, a collection is not remembered: most objects of a heap are that small. */
const LEAST_REFERENCES = 16;
const LEAST_STORE_BYTES = 512;
/** The most that a collection holds which is not remembered. */
const SMALL: CollectionSize = { references: LEAST_REFERENCES - 1, storeBytes: LEAST_STORE_BYTES - 1 };

/** Sizes by the id of the collection. */
export class CollectionSizes {
  readonly #sizes: ReadonlyMap<number, CollectionSize>;

  constructor(sizes: ReadonlyMap<number, CollectionSize>) {
    this.#sizes = sizes;
  }

  /** @returns of a small one the most that it may hold */
  of(id: number): CollectionSize {
    return this.#sizes.get(id) ?? SMALL;
  }

  /** Those that are not small. */
  *[Symbol.iterator](): Iterator<readonly [id: number, size: CollectionSize]> {
    yield* this.#sizes;
  }
}

/** What an edge of an object says about its size. */
const NOTHING = 0;
const ENTRY = 1;
const STORE = 2;
const ROLES: Readonly<Record<string, number>> = { element: ENTRY, property: ENTRY, internal: STORE };

/** Takes every edge of a snapshot, in the order of the file: nodes have theirs one after the other. */
export class CollectionMeter {
  readonly #nodes: NodeColumns;
  readonly #roles: readonly number[];
  readonly #objectType: number;
  readonly #arrayType: number;
  readonly #sizes = new Map<number, CollectionSize>();
  #node = -1;
  /** First edge that is not of this node. */
  #end = 0;
  #isObject = false;
  #entries = 0;
  #stored = 0;
  #storeBytes = 0;

  constructor(nodes: NodeColumns, { nodeTypes, edgeTypes }: Pick<SnapshotMeta, 'nodeTypes' | 'edgeTypes'>) {
    this.#nodes = nodes;
    this.#roles = edgeTypes.map((type) => ROLES[type] ?? NOTHING);
    this.#objectType = nodeTypes.indexOf('object');
    this.#arrayType = nodeTypes.indexOf('array');
  }

  take(edge: number, type: number, to: number): void {
    if (edge >= this.#end) this.#moveTo(edge);
    if (!this.#isObject) return;
    const role = this.#roles[type];
    if (role === ENTRY) this.#entries += 1;
    else if (role === STORE && this.#nodes.type[to] === this.#arrayType) {
      const { firstEdge, selfBytes } = this.#nodes;
      this.#stored = Math.max(this.#stored, (firstEdge[to + 1] ?? 0) - (firstEdge[to] ?? 0));
      this.#storeBytes += selfBytes[to] ?? 0;
    }
  }

  end(): CollectionSizes {
    this.#endNode();
    return new CollectionSizes(this.#sizes);
  }

  #moveTo(edge: number): void {
    this.#endNode();
    while (edge >= this.#end && this.#node < this.#nodes.count) {
      this.#node += 1;
      this.#end = this.#nodes.firstEdge[this.#node + 1] ?? 0;
    }
    this.#isObject = this.#nodes.type[this.#node] === this.#objectType;
    this.#entries = 0;
    this.#stored = 0;
    this.#storeBytes = 0;
  }

  #endNode(): void {
    if (!this.#isObject) return;
    // The entries of an array hang on it and on its store.
    const references = Math.max(this.#entries, this.#stored);
    if (references < LEAST_REFERENCES && this.#storeBytes < LEAST_STORE_BYTES) return;
    this.#sizes.set(this.#nodes.id[this.#node] ?? 0, { references, storeBytes: this.#storeBytes });
  }
}
