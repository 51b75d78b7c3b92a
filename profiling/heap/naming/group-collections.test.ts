import { describe, expect, it } from 'vitest';
import { sampleGrowingClass, sampleHeapGrowth } from '../../testing/sample-memory.ts';
import { groupCollections } from './group-collections.ts';

const PLACE = ['store: Store', '.byUser: Map'];

function strings(holder: string, path: readonly string[]) {
  return sampleGrowingClass({
    kind: 'string',
    name: 'strings',
    counts: [40, 80, 120],
    persisting: 40,
    heldCount: 40,
    countPerConnection: 1,
    bytesPerConnection: 100,
    holder,
    path: [...path],
  });
}

describe('collections that grow', () => {
  const first = strings('Array: Store.byUser', [...PLACE, '[3]: Array']);
  const second = strings('Array: Store.byUser', [...PLACE, '[17]: Array']);

  it('in one place are one leak with what they hold together', () => {
    const other = { ...strings('Set: seen', ['seen: Set']), bytesPerConnection: 300 };
    const { collections } = groupCollections({ ...sampleHeapGrowth(), collections: [first, second, other] });
    expect(collections).toMatchObject([
      other,
      {
        counts: [80, 160, 240],
        persisting: 80,
        heldCount: 80,
        countPerConnection: 2,
        bytesPerConnection: 200,
        holder: '2 × Array: Store.byUser',
      },
    ]);
  });

  it('in two places, or by what is not alike, are two', () => {
    const elsewhere = { ...second, path: ['old: Store', '.byUser: Map', '[3]: Array'] };
    const numbers = { ...second, kind: 'number' as const };
    const doubtful = [first, elsewhere, numbers];
    expect(groupCollections({ ...sampleHeapGrowth(), doubtful }).doubtful).toEqual(doubtful);
  });
});
