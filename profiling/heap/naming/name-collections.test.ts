import { describe, expect, it } from 'vitest';
import { outputFolder } from '../../../server/testing/output-folder.ts';
import { findGrowth } from '../find-growth.ts';
import { type SampleHeap, sampleProgram, threeOf } from '../testing/sample-heap.ts';

const out = outputFolder();
const SETTINGS = { connections: 40, projectFolder: '/' };
const ROUND = 40;
const MAP_ENTRY_BYTES = 28;

/** Adds a string of 100 bytes to a table or an array. */
function keep(heap: SampleHeap, table: number, type = 'string'): void {
  heap.link(table, 'internal', 'entry', heap.add(type, 'what it says', { selfBytes: 100 }));
}

async function growthOf(heap: SampleHeap, round: (index: number) => void, perRound = ROUND) {
  return findGrowth({ ...SETTINGS, files: await threeOf(heap, round, perRound) });
}

describe('a collection that grows', () => {
  it.each(['string', 'concatenated string', 'sliced string'])(
    'by %ss is named with them, their bytes and where it hangs',
    async (type) => {
      const { heap, table } = sampleProgram(out.path);
      for (let old = 0; old < ROUND; old += 1) keep(heap, table, type);
      const growth = await growthOf(heap, () => keep(heap, table, type));
      expect(growth).toMatchObject({ classes: [], doubtful: [], unexplained: [] });
      expect(growth.collections).toMatchObject([
        {
          kind: 'string',
          name: 'strings',
          counts: [40, 80, 120],
          persisting: 40,
          countPerConnection: 1,
          bytesPerConnection: 100,
          holder: 'Map: Registry.sessions',
          path: ['.registry: Registry', '.sessions: Map'],
        },
      ]);
    },
  );

  it('by strings cut out of longer ones counts what they keep alive', async () => {
    const { heap, table } = sampleProgram(out.path);
    const growth = await growthOf(heap, () => {
      const cut = heap.add('sliced string', 'short', { selfBytes: 20 });
      heap.link(cut, 'internal', 'parent', heap.add('string', 'long', { selfBytes: 2000 }));
      heap.link(table, 'internal', 'entry', cut);
    });
    expect(growth.collections).toMatchObject([{ bytesPerConnection: 2020 }]);
  });

  it('by objects under strings is told by their class alone', async () => {
    const { heap, table } = sampleProgram(out.path);
    const growth = await growthOf(heap, () => {
      keep(heap, table);
      heap.link(table, 'internal', 'entry', heap.add('object', 'ClientSession'));
    });
    expect(growth.classes).toMatchObject([{ name: 'ClientSession', holder: 'Map: Registry.sessions' }]);
    expect(growth.collections).toEqual([]);
  });

  it('by the same words again and again is named by its entries', async () => {
    const { heap, table } = sampleProgram(out.path);
    const word = heap.add('string', 'active');
    const growth = await growthOf(heap, () => heap.link(table, 'internal', 'entry', word));
    expect(growth.collections).toMatchObject([{ kind: 'entry', name: 'entries' }]);
  });

  it.each(['regexp', 'symbol'])('by %ss, which have no class, is named by its entries', async (type) => {
    const { heap, table } = sampleProgram(out.path);
    for (let old = 0; old < ROUND; old += 1) keep(heap, table, type);
    const growth = await growthOf(heap, () => keep(heap, table, type));
    expect(growth.collections).toMatchObject([
      { kind: 'entry', persisting: 40, bytesPerConnection: 100, holder: 'Map: Registry.sessions' },
    ]);
  });

  it('by numbers, which are no nodes, is named by the room that it takes in both intervals', async () => {
    const { heap, table } = sampleProgram(out.path);
    let entries = 50;
    heap.resize(table, entries * MAP_ENTRY_BYTES);
    const growth = await growthOf(heap, () => {
      entries += 1;
      heap.resize(table, entries * MAP_ENTRY_BYTES);
    });
    expect(growth.collections).toMatchObject([
      { kind: 'place', counts: [50, 90, 130], persisting: 40, holder: 'Map: Registry.sessions' },
    ]);
  });

  it('proves nothing by room that it takes in one interval only', async () => {
    const { heap, table } = sampleProgram(out.path);
    let made = 0;
    heap.resize(table, 200 * MAP_ENTRY_BYTES);
    const growth = await growthOf(heap, () => {
      made += 1;
      if (made === ROUND) heap.resize(table, 400 * MAP_ENTRY_BYTES);
    });
    expect(growth.collections).toEqual([]);
    expect(growth.doubtful).toMatchObject([{ kind: 'place', counts: [200, 400, 400] }]);
  });

  it('proves nothing by room that a list of numbers at its limit may have', async () => {
    const { heap, table } = sampleProgram(out.path);
    let entries = 1_000;
    heap.resize(table, entries * MAP_ENTRY_BYTES);
    const growth = await growthOf(heap, () => {
      entries += 5;
      heap.resize(table, entries * MAP_ENTRY_BYTES);
    });
    expect(growth.collections).toEqual([]);
    expect(growth.doubtful).toMatchObject([{ kind: 'place', counts: [1_000, 1_200, 1_400] }]);
  });

  it('has room for names in the busiest moment of an object, which says nothing', async () => {
    const { heap, registry } = sampleProgram(out.path);
    const names = heap.add('array', '', { selfBytes: 8_000 });
    heap.link(registry, 'internal', 'properties', names);
    let made = 0;
    const growth = await growthOf(heap, () => {
      made += 1;
      heap.resize(names, 8_000 + made * 200);
    });
    expect(growth).toMatchObject({ collections: [], doubtful: [] });
  });

  it('proves nothing where it slows down: a cache fills up so', async () => {
    const { heap, table } = sampleProgram(out.path);
    for (let old = 0; old < ROUND; old += 1) keep(heap, table);
    let made = 0;
    const growth = await growthOf(heap, () => {
      made += 1;
      if (made <= ROUND || made % 2 === 0) keep(heap, table);
    });
    expect(growth.collections).toEqual([]);
    expect(growth.doubtful).toMatchObject([{ kind: 'string', counts: [40, 80, 100] }]);
  });

  it('is none where it is at its limit and takes one in for each that it lets go', async () => {
    const { heap, table } = sampleProgram(out.path);
    for (let old = 0; old < 3 * ROUND; old += 1) keep(heap, table);
    const growth = await growthOf(heap, () => {
      heap.drop(table, 1);
      keep(heap, table);
    });
    expect(growth).toMatchObject({ classes: [], collections: [], doubtful: [], unexplained: [] });
  });

  it('is none where it grew in the first interval only, or by fewer than ten', async () => {
    const { heap, table } = sampleProgram(out.path);
    let made = 0;
    const growth = await growthOf(heap, () => {
      made += 1;
      if (made <= ROUND || made % 5 === 0) keep(heap, table);
    });
    expect(growth).toMatchObject({ classes: [], collections: [], doubtful: [] });
  });

  it('is none where what it holds is other each time, more by chance', async () => {
    const { heap, table } = sampleProgram(out.path);
    for (let old = 0; old < ROUND; old += 1) keep(heap, table);
    let [made, held] = [0, ROUND];
    const growth = await growthOf(heap, () => {
      made += 1;
      if (made % ROUND !== 0) return;
      heap.drop(table, held);
      held += ROUND;
      for (let job = 0; job < held; job += 1) keep(heap, table);
    });
    expect(growth).toMatchObject({ collections: [], doubtful: [] });
  });
});

/** A text that grows by `+=`: each string refers to the one before it, and no collection holds many. */
function growingText({ heap, registry }: { heap: SampleHeap; registry: number }, selfBytes: number) {
  let text = registry;
  return () => {
    const longer = heap.add('concatenated string', '', { selfBytes });
    heap.link(text, 'property', 'text', longer);
    text = longer;
  };
}

/** Of which 104 KB are less than 2 %. */
function addCode({ heap, registry }: { heap: SampleHeap; registry: number }): void {
  heap.link(registry, 'property', 'code', heap.add('code', 'much', { selfBytes: 20_000_000 }));
}

describe('a heap that grows by what has no name', () => {
  it('says which kinds of nodes it grew by', async () => {
    const program = sampleProgram(out.path);
    const growth = await growthOf(program.heap, growingText(program, 5_000));
    expect(growth.classes).toEqual([]);
    expect(growth.unexplained).toEqual([
      { kind: 'strings', counts: [0, 40, 80], bytes: [0, 200_000, 400_000] },
    ]);
  });

  it('is silent about less than 100 KB in each interval', async () => {
    const program = sampleProgram(out.path);
    const growth = await growthOf(program.heap, growingText(program, 2_400));
    expect(growth).toMatchObject({ collections: [], unexplained: [] });
  });

  it('says so of 1 % more nodes, though they are less than 2 % of a large heap', async () => {
    const program = sampleProgram(out.path);
    addCode(program);
    const growth = await growthOf(program.heap, growingText(program, 2_600));
    expect(growth.unexplained).toMatchObject([{ kind: 'strings', counts: [0, 40, 80] }]);
  });

  it('is silent about few large nodes that are less than 2 % of a large heap', async () => {
    const program = sampleProgram(out.path);
    addCode(program);
    for (let old = 0; old < 100 * (ROUND + 1); old += 1) keep(program.heap, program.table);
    const growth = await growthOf(program.heap, growingText(program, 2_600));
    expect(growth).toMatchObject({ collections: [], unexplained: [] });
  });
});
