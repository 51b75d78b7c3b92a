/** Rows of source locations as they come: thousands of objects share the line of their constructor, which is kept once. */

import type { NodeColumns, ScriptLocation } from './heap-snapshot.ts';
import { invalidSnapshot } from './snapshot-error.ts';
import type { SnapshotMeta } from './snapshot-meta.ts';

/** A line and a column in one number; columns of bundles in one line reach millions. */
const COLUMNS = 2 ** 26;

/** Gives nodes the number of their location. */
export class LocationRows {
  readonly locations: ScriptLocation[] = [];
  readonly #layout: NonNullable<SnapshotMeta['locations']>;
  readonly #nodeWidth: number;
  readonly #nodes: NodeColumns;
  readonly #known = new Map<number, Map<number, number>>();

  /** @param layout of a row */
  constructor(layout: NonNullable<SnapshotMeta['locations']>, nodeWidth: number, nodes: NodeColumns) {
    this.#layout = layout;
    this.#nodeWidth = nodeWidth;
    this.#nodes = nodes;
  }

  /** @throws TouchlineError `TL_SNAPSHOT_INVALID` */
  readonly take = (row: readonly number[]): void => {
    const { at } = this.#layout;
    const node = (row[at.object_index] ?? 0) / this.#nodeWidth;
    if (node >= this.#nodes.count || !Number.isInteger(node)) {
      throw invalidSnapshot('locations of nodes', row.join(', '));
    }
    this.#nodes.location[node] = this.#numberOf({
      scriptId: row[at.script_id] ?? 0,
      line: row[at.line] ?? 0,
      column: row[at.column] ?? 0,
    });
  };

  #numberOf(location: ScriptLocation): number {
    const ofScript = this.#known.get(location.scriptId) ?? new Map<number, number>();
    this.#known.set(location.scriptId, ofScript);
    const place = location.line * COLUMNS + location.column;
    const known = ofScript.get(place);
    if (known !== undefined) return known;
    this.locations.push(location);
    ofScript.set(place, this.locations.length);
    return this.locations.length;
  }
}
