/** Rows of edges as they come: into columns where they are kept, and into the sizes of collections. */

import { CollectionMeter } from './collection-meter.ts';
import type { CollectionSizes } from './collection-sizes.ts';
import type { EdgeColumns, NodeColumns } from './heap-snapshot.ts';
import { invalidSnapshot } from './snapshot-error.ts';
import type { SnapshotMeta } from './snapshot-meta.ts';

const MOST = 2 ** 32 - 1;

/** What is wanted of edges. */
interface EdgeNeeds {
  /** Read before them. */
  readonly nodes: NodeColumns;
  readonly areKept: boolean;
}

/** Takes the edges. */
export class EdgeRows {
  /** Null where they are not kept. */
  readonly columns: EdgeColumns | null;
  readonly #meta: SnapshotMeta;
  readonly #meter: CollectionMeter;
  #filled = 0;

  constructor(meta: SnapshotMeta, { nodes, areKept }: EdgeNeeds) {
    const count = meta.edgeCount;
    this.#meta = meta;
    this.#meter = new CollectionMeter(nodes, meta);
    this.columns = areKept
      ? { count, type: new Uint8Array(count), name: new Uint32Array(count), to: new Uint32Array(count) }
      : null;
  }

  /** @throws TouchlineError `TL_SNAPSHOT_INVALID` */
  readonly take = (row: readonly number[]): void => {
    const { at } = this.#meta.edges;
    const edge = this.#filled;
    const [type = 0, name = 0] = [row[at.type], row[at.name_or_index]];
    // An edge points at the place of a node's first number.
    const to = (row[at.to_node] ?? 0) / this.#meta.nodes.width;
    if (edge >= this.#meta.edgeCount) throw this.#wrongCount(`edge number ${edge + 1}`);
    if (type >= this.#meta.edgeTypes.length) {
      throw invalidSnapshot(`an edge type below ${this.#meta.edgeTypes.length}`, `${type} at edge ${edge}`);
    }
    if (to >= this.#meta.nodeCount || !Number.isInteger(to) || name > MOST) {
      throw invalidSnapshot('edges that point to nodes', `${row.join(', ')} at edge ${edge}`);
    }
    this.#meter.take(edge, type, to);
    this.#filled += 1;
    if (this.columns === null) return;
    this.columns.type[edge] = type;
    this.columns.name[edge] = name;
    this.columns.to[edge] = to;
  };

  /** @throws TouchlineError `TL_SNAPSHOT_INVALID` when fewer came than the head says */
  end(): CollectionSizes {
    if (this.#filled < this.#meta.edgeCount) throw this.#wrongCount(`${this.#filled}`);
    return this.#meter.end();
  }

  #wrongCount(received: string): Error {
    return invalidSnapshot(`${this.#meta.edgeCount} edges, as edge_count says`, received);
  }
}
