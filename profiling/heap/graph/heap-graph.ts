/** A heap snapshot as a graph with words: what a node is called, what an edge is called, which edges keep alive. */

import type { EdgeColumns, HeapSnapshot, NodeColumns, ScriptLocation } from '../reading/heap-snapshot.ts';
import { edgesAreNamed } from '../reading/heap-snapshot.ts';
import { invalidSnapshot } from '../reading/snapshot-error.ts';

/** V8 draws two edges to a value of a WeakMap; the one from the table keeps nothing alive, the one from the key does. */
const EPHEMERON = 'pair in WeakMap (table @';
const EPHEMERON_TABLE = /pair in WeakMap \(table @(\d+)\)$/;

/** Where a walk came from: the node above and the edge down from it. */
export interface Step {
  readonly from: number;
  readonly edge: number;
}

/** Nodes and edges are numbers. Node 0 is the root. */
export class HeapGraph {
  readonly nodes: NodeColumns;
  readonly edges: EdgeColumns;
  readonly #snapshot: HeapSnapshot;
  readonly #named: readonly boolean[];
  readonly #weakType: number;
  readonly #internalType: number;
  /** Id of the table by the number of the edge's name. */
  readonly #ephemerons: ReadonlyMap<number, number>;

  /** @throws TouchlineError `TL_SNAPSHOT_INVALID` for a snapshot that was read without its edges, or is empty */
  constructor(snapshot: HeapSnapshot) {
    if (snapshot.edges === null || snapshot.nodes.count === 0) {
      throw invalidSnapshot('a heap snapshot with nodes and edges', 'one without');
    }
    this.nodes = snapshot.nodes;
    this.edges = snapshot.edges;
    this.#snapshot = snapshot;
    this.#named = edgesAreNamed(snapshot.edgeTypes);
    this.#weakType = snapshot.edgeTypes.indexOf('weak');
    this.#internalType = snapshot.edgeTypes.indexOf('internal');
    this.#ephemerons = ephemeronsOf(snapshot);
  }

  typeOf(node: number): string {
    return this.#snapshot.nodeTypes[this.nodes.type[node] ?? 0] ?? '';
  }

  nameOf(node: number): string {
    return this.#snapshot.strings.text(this.nodes.name[node] ?? 0);
  }

  edgeTypeOf(edge: number): string {
    return this.#snapshot.edgeTypes[this.edges.type[edge] ?? 0] ?? '';
  }

  /** Name of a property, a variable or a field; of an element its index. */
  labelOf(edge: number): string {
    const label = this.edges.name[edge] ?? 0;
    return this.#named[this.edges.type[edge] ?? 0] === true
      ? this.#snapshot.strings.text(label)
      : String(label);
  }

  locationOf(node: number): ScriptLocation | null {
    return this.#snapshot.locations[(this.nodes.location[node] ?? 0) - 1] ?? null;
  }

  /** Calls `visit` with each edge that keeps its target alive. */
  eachStrongEdge(node: number, visit: (edge: number, target: number) => void): void {
    const end = this.nodes.firstEdge[node + 1] ?? 0;
    for (let edge = this.nodes.firstEdge[node] ?? 0; edge < end; edge += 1) {
      const type = this.edges.type[edge];
      if (type === this.#weakType) continue;
      if (type === this.#internalType && this.#isFromTable(node, edge)) continue;
      visit(edge, this.edges.to[edge] ?? 0);
    }
  }

  /** @returns the node that an edge of this name leads to */
  follow(node: number, labels: readonly string[]): number | null {
    const end = this.nodes.firstEdge[node + 1] ?? 0;
    for (let edge = this.nodes.firstEdge[node] ?? 0; edge < end; edge += 1) {
      if (this.#named[this.edges.type[edge] ?? 0] !== true) continue;
      if (labels.includes(this.labelOf(edge))) return this.edges.to[edge] ?? null;
    }
    return null;
  }

  /** Every strong edge into a node; looks through all edges, so ask seldom. */
  stepsInto(target: number): readonly Step[] {
    const steps: Step[] = [];
    for (let from = 0; from < this.nodes.count; from += 1) {
      const end = this.nodes.firstEdge[from + 1] ?? 0;
      for (let edge = this.nodes.firstEdge[from] ?? 0; edge < end; edge += 1) {
        if (this.edges.to[edge] === target && this.edges.type[edge] !== this.#weakType) {
          steps.push({ from, edge });
        }
      }
    }
    return steps;
  }

  #isFromTable(node: number, edge: number): boolean {
    const table = this.#ephemerons.get(this.edges.name[edge] ?? 0);
    return table !== undefined && table === this.nodes.id[node];
  }
}

function ephemeronsOf({ strings }: HeapSnapshot): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const index of strings.having(EPHEMERON)) {
    const [, table] = EPHEMERON_TABLE.exec(strings.text(index)) ?? [];
    if (table !== undefined) found.set(index, Number(table));
  }
  return found;
}
