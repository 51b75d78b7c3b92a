/** How much the collections of a snapshot hold: Maps, Sets, Arrays, objects used as dictionaries. */

export interface CollectionSize {
  /** Edges to what it holds. Small numbers have none, and neither have true, false, null and undefined. */
  readonly references: number;
  /** Of the table or the arrays that it keeps its entries in: room for entries, whether they have edges or not. */
  readonly storeBytes: number;
}

/** Below both, a collection is not remembered: most objects of a heap are that small. */
export const LEAST_REFERENCES = 16;
export const LEAST_STORE_BYTES = 512;
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
