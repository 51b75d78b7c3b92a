import { describe, expect, it } from 'vitest';
import { findKindGrowth } from './kind-growth.ts';

const HEAP_BYTES = 10_000_000;

/** Strings in three snapshots of a heap, as a text grows by 4,000 strings of 30 bytes. */
const SIZES = [60_000, 64_000, 68_000].map((count) => new Map([['strings', { count, bytes: count * 30 }]]));

describe('strings that grow by less than 2 % of the heap', () => {
  it('are growth where those of the first interval stay', () => {
    expect(findKindGrowth(SIZES, { heapBytes: HEAP_BYTES, stayed: 4_000 })).toMatchObject([
      { kind: 'strings', counts: [60_000, 64_000, 68_000] },
    ]);
  });

  it('are chance where those of the first interval are gone: a list was emptied between', () => {
    expect(findKindGrowth(SIZES, { heapBytes: HEAP_BYTES, stayed: 20 })).toEqual([]);
  });

  it('are growth between two snapshots, which know nothing of what stays', () => {
    expect(findKindGrowth(SIZES.slice(0, 2), { heapBytes: HEAP_BYTES, stayed: 0 })).toHaveLength(1);
  });
});
