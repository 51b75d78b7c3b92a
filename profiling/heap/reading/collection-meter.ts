/** Measures collections while the edges of a snapshot pass by, so that no edge of an earlier snapshot is kept. */

import {
  type CollectionSize,
  CollectionSizes,
  LEAST_REFERENCES,
  LEAST_STORE_BYTES,
} from './collection-sizes.ts';
import type { NodeColumns } from './heap-snapshot.ts';
import type { SnapshotMeta } from './snapshot-meta.ts';

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
