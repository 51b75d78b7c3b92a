/** Which objects a snapshot had, by V8's ids, with a print of their class. Little enough to keep while the next is read. */

import type { NodeColumns } from '../reading/heap-snapshot.ts';
import type { ClassCensus } from './class-census.ts';

/** Room for the print beside an id of 32 bits in a double. */
const PRINTS = 2 ** 20;
/** Ids of natives are made from their addresses on Node 20: they do not rise, and come again. */
const NATIVE = 1;

/** What two snapshots say about each other. */
export interface IdComparison {
  /** Objects and closures that are in both. */
  readonly shared: number;
  /** Of them, those that are of the same class in both. */
  readonly same: number;
  /** In the later one only, with an id that the earlier one could have given. */
  readonly lateBelow: number;
  /** In the later one only, with a higher id than any in the earlier one. */
  readonly lateAbove: number;
}

/** A set of ids. */
export class ObjectIds {
  /** id × PRINTS + print, rising. */
  readonly #entries: Float64Array;

  private constructor(entries: Float64Array) {
    this.#entries = entries;
  }

  /** Remembers the nodes that have a class. */
  static of(nodes: NodeColumns, census: ClassCensus): ObjectIds {
    const prints = census.classes.map(({ kind, key }) => printOf(key) * 2 + (kind === 'native' ? NATIVE : 0));
    const entries = new Float64Array(nodes.count);
    let used = 0;
    for (let node = 0; node < nodes.count; node += 1) {
      const place = census.classOf[node] ?? 0;
      if (place === 0) continue;
      entries[used] = (nodes.id[node] ?? 0) * PRINTS + (prints[place - 1] ?? 0);
      used += 1;
    }
    return new ObjectIds(entries.slice(0, used).sort());
  }

  get size(): number {
    return this.#entries.length;
  }

  has(id: number): boolean {
    const place = this.#placeOf(id);
    return Math.floor((this.#entries[place] ?? -1) / PRINTS) === id;
  }

  /** @returns those that the other has not */
  without(other: ObjectIds): ObjectIds {
    return new ObjectIds(this.#entries.filter((entry) => !other.has(Math.floor(entry / PRINTS))));
  }

  /** @param later of the snapshot that was taken after this one */
  compare(later: ObjectIds): IdComparison {
    const highest = this.#highestId();
    const found = { shared: 0, same: 0, lateBelow: 0, lateAbove: 0 };
    for (const entry of later.#entries) {
      if (isNative(entry)) continue;
      const id = Math.floor(entry / PRINTS);
      const own = this.#entries[this.#placeOf(id)] ?? -1;
      if (Math.floor(own / PRINTS) === id) {
        found.shared += 1;
        found.same += own === entry ? 1 : 0;
      } else if (id < highest) found.lateBelow += 1;
      else found.lateAbove += 1;
    }
    return found;
  }

  #highestId(): number {
    const place = this.#entries.findLastIndex((entry) => !isNative(entry));
    return Math.floor((this.#entries[place] ?? -1) / PRINTS);
  }

  /** First place whose id is not below. */
  #placeOf(id: number): number {
    let low = 0;
    let high = this.#entries.length;
    const wanted = id * PRINTS;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isNative(entry: number): boolean {
  return entry % 2 === NATIVE;
}

/** FNV-1a, folded to the bits there is room for. */
function printOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return ((hash >>> 13) ^ hash) & (PRINTS / 2 - 1);
}
