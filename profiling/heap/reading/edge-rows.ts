/** Rows of edges as they come, into columns. */

import type { EdgeColumns } from './heap-snapshot.ts';
import { invalidSnapshot } from './snapshot-error.ts';
import type { SnapshotMeta } from './snapshot-meta.ts';

const MOST = 2 ** 32 - 1;

/** Fills the columns of edges. */
export class EdgeRows {
  readonly columns: EdgeColumns;
  readonly #meta: SnapshotMeta;
  #filled = 0;

  constructor(meta: SnapshotMeta) {
    const count = meta.edgeCount;
    this.#meta = meta;
    this.columns = {
      count,
      type: new Uint8Array(count),
      name: new Uint32Array(count),
      to: new Uint32Array(count),
    };
  }

  /** @throws TouchlineError `TL_SNAPSHOT_INVALID` */
  readonly take = (row: readonly number[]): void => {
    const { at } = this.#meta.edges;
    const edge = this.#filled;
    const [type = 0, name = 0] = [row[at.type], row[at.name_or_index]];
    // An edge points at the place of a node's first number.
    const to = (row[at.to_node] ?? 0) / this.#meta.nodes.width;
    if (edge >= this.columns.count) throw this.#wrongCount(`edge number ${edge + 1}`);
    if (type >= this.#meta.edgeTypes.length) {
      throw invalidSnapshot(`an edge type below ${this.#meta.edgeTypes.length}`, `${type} at edge ${edge}`);
    }
    if (to >= this.#meta.nodeCount || !Number.isInteger(to) || name > MOST) {
      throw invalidSnapshot('edges that point to nodes', `${row.join(', ')} at edge ${edge}`);
    }
    this.columns.type[edge] = type;
    this.columns.name[edge] = name;
    this.columns.to[edge] = to;
    this.#filled += 1;
  };

  /** @throws TouchlineError `TL_SNAPSHOT_INVALID` when fewer came than the head says */
  end(): void {
    if (this.#filled < this.columns.count) throw this.#wrongCount(`${this.#filled}`);
  }

  #wrongCount(received: string): Error {
    return invalidSnapshot(`${this.columns.count} edges, as edge_count says`, received);
  }
}
