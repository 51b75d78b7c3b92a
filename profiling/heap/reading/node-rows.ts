/** Rows of nodes as they come, into columns. */

import type { NodeColumns } from './heap-snapshot.ts';
import { invalidSnapshot } from './snapshot-error.ts';
import type { SnapshotMeta } from './snapshot-meta.ts';

const MOST = 2 ** 32 - 1;

/** Fills the columns of nodes. */
export class NodeRows {
  readonly columns: NodeColumns;
  readonly #meta: SnapshotMeta;
  #filled = 0;
  #edges = 0;

  constructor(meta: SnapshotMeta) {
    const count = meta.nodeCount;
    this.#meta = meta;
    this.columns = {
      count,
      type: new Uint8Array(count),
      name: new Uint32Array(count),
      id: new Uint32Array(count),
      selfBytes: new Float64Array(count),
      firstEdge: new Uint32Array(count + 1),
      location: new Uint32Array(count),
    };
  }

  /** @throws TouchlineError `TL_SNAPSHOT_INVALID` */
  readonly take = (row: readonly number[]): void => {
    const { at } = this.#meta.nodes;
    const node = this.#filled;
    const [type = 0, name = 0, id = 0] = [row[at.type], row[at.name], row[at.id]];
    if (node >= this.columns.count) throw this.#wrongCount(`node number ${node + 1}`);
    if (type >= this.#meta.nodeTypes.length) {
      throw invalidSnapshot(`a node type below ${this.#meta.nodeTypes.length}`, `${type} at node ${node}`);
    }
    if (name > MOST || id > MOST) {
      throw invalidSnapshot('names and ids of 32 bits', `${Math.max(name, id)} at node ${node}`);
    }
    this.columns.type[node] = type;
    this.columns.name[node] = name;
    this.columns.id[node] = id;
    this.columns.selfBytes[node] = row[at.self_size] ?? 0;
    this.#edges += row[at.edge_count] ?? 0;
    if (this.#edges > this.#meta.edgeCount) {
      throw invalidSnapshot(`${this.#meta.edgeCount} edges, as edge_count says`, `nodes with ${this.#edges}`);
    }
    this.columns.firstEdge[node + 1] = this.#edges;
    this.#filled += 1;
  };

  /** @throws TouchlineError `TL_SNAPSHOT_INVALID` when fewer came than the head says */
  end(): void {
    if (this.#filled < this.columns.count) throw this.#wrongCount(`${this.#filled}`);
    if (this.#edges < this.#meta.edgeCount) {
      throw invalidSnapshot(`${this.#meta.edgeCount} edges, as edge_count says`, `nodes with ${this.#edges}`);
    }
  }

  #wrongCount(received: string): Error {
    return invalidSnapshot(`${this.columns.count} nodes, as node_count says`, received);
  }
}
