import { describe, expect, it } from 'vitest';
import { outputFolder } from '../../server/testing/output-folder.ts';
import { findGrowth } from './find-growth.ts';
import { SampleHeap, sampleProgram, threeOf } from './testing/sample-heap.ts';

const out = outputFolder();

const SETTINGS = { connections: 10, projectFolder: '/' };

describe('growth between snapshots', () => {
  it('is named with its holder, what it keeps alive, and bytes of both', async () => {
    const { heap, table } = sampleProgram(out.path);
    const files = await threeOf(heap, (index) => {
      const session = heap.add('object', 'ClientSession', { selfBytes: 100 });
      const buffer = heap.add('object', 'Buffer', { selfBytes: 50 });
      const bytes = heap.add('native', 'system / JSArrayBufferData', { selfBytes: 1000 });
      heap.link(table, 'internal', String(index), session);
      heap.link(session, 'property', 'upload', buffer);
      heap.link(buffer, 'internal', 'backing_store', bytes);
      // A way back: rings of leaked objects must not hide who holds them.
      heap.link(buffer, 'property', 'owner', session);
    });
    const { classes, leastGrowth } = await findGrowth({ ...SETTINGS, files });
    expect(leastGrowth).toBe(2);
    expect(classes.map(({ name, keptBy }) => [name, keptBy])).toEqual([
      ['ClientSession', null],
      ['Buffer', 'ClientSession'],
      ['JSArrayBufferData', 'Buffer'],
    ]);
    expect(classes[0]).toMatchObject({
      kind: 'object',
      counts: [0, 10, 20],
      persisting: 10,
      countPerConnection: 1,
      bytesPerConnection: 1150,
      holder: 'Map: Registry.sessions',
      heldCount: 10,
      path: ['.registry: Registry', '.sessions: Map', 'ClientSession'],
    });
    expect(classes[1]).toMatchObject({ bytesPerConnection: 1050, holder: null, heldCount: 0 });
  });

  it('is told of the collection that holds it, where that is of the same class', async () => {
    const { heap, registry } = sampleProgram(out.path);
    const rows = heap.add('object', 'Array');
    heap.link(registry, 'property', 'rows', rows);
    const files = await threeOf(heap, (index) =>
      heap.link(rows, 'element', index, heap.add('object', 'Array')),
    );
    expect((await findGrowth({ ...SETTINGS, files })).classes).toMatchObject([
      { name: 'Array', persisting: 10, holder: 'Array: Registry.rows', heldCount: 10 },
    ]);
  });

  it('is told of the owner of a chain, not of its last link', async () => {
    const { heap, registry } = sampleProgram(out.path);
    let link = heap.add('object', 'Object');
    heap.link(registry, 'property', 'chain', link);
    const files = await threeOf(heap, () => {
      const next = heap.add('object', 'Object');
      heap.link(link, 'property', 'next', next);
      link = next;
    });
    expect((await findGrowth({ ...SETTINGS, files })).classes).toMatchObject([
      { name: 'Object', persisting: 10, holder: 'Registry: registry', heldCount: 10 },
    ]);
  });

  it('is none where objects are replaced, however many', async () => {
    const { heap, root } = sampleProgram(out.path);
    const place = heap.add('object', 'ClientSession');
    heap.link(root, 'property', 'current', place);
    const files = await threeOf(heap, () => heap.add('object', 'Unreached'), 1);
    const { classes } = await findGrowth({ ...SETTINGS, files });
    expect(classes).toEqual([]);
  });

  it('is none where it ends after the first interval', async () => {
    const { heap, table } = sampleProgram(out.path);
    let made = 0;
    const files = await threeOf(heap, () => {
      made += 1;
      if (made <= 10) heap.link(table, 'internal', String(made), heap.add('object', 'Cached'));
    });
    expect((await findGrowth({ ...SETTINGS, files })).classes).toEqual([]);
    const [first, second] = files;
    const ofTwo = await findGrowth({ ...SETTINGS, files: [first, second] });
    expect(ofTwo.classes).toMatchObject([{ name: 'Cached', counts: [0, 10, 10], countPerConnection: 1 }]);
  });

  it('counts from 0.5 % of connections on', async () => {
    const { heap, table } = sampleProgram(out.path);
    const files = await threeOf(
      heap,
      () => heap.link(table, 'internal', 'x', heap.add('object', 'ClientSession')),
      5,
    );
    const found = async (connections: number | null) =>
      (await findGrowth({ ...SETTINGS, connections, files })).classes.length;
    expect(await found(1000)).toBe(1);
    expect(await found(1001)).toBe(0);
    expect(await found(null)).toBe(0);
  });

  it('names listeners by function, event and emitter, and tells functions of one name apart', async () => {
    const { heap, root } = sampleProgram(out.path);
    const server = heap.add('object', 'Server');
    const events = heap.add('object', 'Object');
    const list = heap.add('object', 'Array');
    heap.link(root, 'property', 'server', server);
    heap.link(server, 'property', '_events', events);
    heap.link(events, 'property', 'close', list);
    const script = heap.add('code', 'file:///app/server.js');
    const shared = heap.add('code', 'onClose');
    heap.link(shared, 'internal', 'script', script);
    const files = await threeOf(heap, (index) => {
      const closure = heap.add('closure', 'onClose', { location: [7, 41, 4] });
      heap.link(closure, 'internal', 'shared', shared);
      heap.link(list, 'element', index, closure);
    });
    const { classes } = await findGrowth({ ...SETTINGS, projectFolder: '/app', files });
    expect(classes).toMatchObject([
      {
        kind: 'closure',
        name: 'onClose',
        event: 'close',
        holder: 'Array: Server._events.close',
        allocatedAt: { functionName: 'onClose', file: 'server.js', line: 42 },
      },
    ]);
  });

  it('names what timers call by the list that the timers stand in', async () => {
    const { heap, root } = sampleProgram(out.path);
    const lists = heap.add('object', 'Object');
    const list = heap.add('object', 'TimersList');
    heap.link(root, 'property', 'timerListMap', lists);
    heap.link(lists, 'element', 60_000, list);
    // Timers that were there before call something new: no Timeout is more.
    let last = list;
    const timers = Array.from({ length: 20 }, () => {
      const timer = heap.add('object', 'Timeout');
      heap.link(last, 'property', '_idleNext', timer);
      last = timer;
      return timer;
    });
    const files = await threeOf(heap, () => {
      const look = heap.add('closure', 'look', { location: [7, 41, 4] });
      heap.link(timers.shift() ?? list, 'property', '_onTimeout', look);
    });
    const { classes } = await findGrowth({ ...SETTINGS, files });
    expect(classes).toMatchObject([{ kind: 'closure', name: 'look', holder: 'Timeout: timers of 60000 ms' }]);
  });

  it('follows a WeakMap from its keys only', async () => {
    const { heap, root, table } = sampleProgram(out.path);
    const weak = heap.add('object', 'WeakMap');
    const weakTable = heap.add('array', '(table)');
    heap.link(root, 'property', 'notes', weak);
    heap.link(weak, 'internal', 'table', weakTable);
    const files = await threeOf(heap, (index) => {
      const key = heap.add('object', 'ClientSession');
      const note = heap.add('object', 'Note');
      const name = `1 / part of key (K @${heap.idOf(key)}) -> value (N @${heap.idOf(note)}) pair in WeakMap (table @${heap.idOf(weakTable)})`;
      heap.link(table, 'internal', String(index), key);
      heap.link(key, 'internal', name, note);
      heap.link(weakTable, 'internal', name, note);
      heap.link(weakTable, 'weak', '0', key);
    });
    const { classes } = await findGrowth({ ...SETTINGS, files });
    expect(classes).toMatchObject([
      { name: 'ClientSession', holder: 'Map: Registry.sessions' },
      { name: 'Note', keptBy: 'ClientSession' },
    ]);
  });

  it('does not name what Node keeps for the next connections', async () => {
    const { heap, root } = sampleProgram(out.path);
    const spare = heap.add('object', 'FreeList');
    const list = heap.add('object', 'Array');
    heap.link(root, 'property', 'parsers', spare);
    heap.link(spare, 'property', 'list', list);
    const files = await threeOf(heap, (index) =>
      heap.link(list, 'element', index, heap.add('object', 'HTTPParser')),
    );
    expect((await findGrowth({ ...SETTINGS, files })).classes).toEqual([]);
  });

  it('nor where V8 sees a spare parser first through a handle, as on a busy machine', async () => {
    const { heap, root } = sampleProgram(out.path);
    const handles = heap.add('synthetic', '(Global handles)');
    heap.link(root, 'element', 9, handles);
    const files = await threeOf(heap, (index) =>
      heap.link(handles, 'element', index, heap.add('object', 'HTTPParser')),
    );
    expect((await findGrowth({ ...SETTINGS, files })).classes).toEqual([]);
  });

  it('nor what parsers hold that were there before', async () => {
    const { heap, root } = sampleProgram(out.path);
    const parser = heap.add('object', 'HTTPParser');
    heap.link(root, 'property', 'parser', parser);
    const files = await threeOf(heap, (index) =>
      heap.link(parser, 'element', index, heap.add('object', 'Headers')),
    );
    expect((await findGrowth({ ...SETTINGS, files })).classes).toEqual([]);
  });

  it('is refused between snapshots that do not belong together', async () => {
    const { heap, table } = sampleProgram(out.path);
    const [first, second, third] = await threeOf(heap, () =>
      heap.link(table, 'internal', 'x', heap.add('object', 'ClientSession')),
    );
    const other = new SampleHeap(out.path);
    const root = other.add('synthetic', '');
    for (let place = 0; place < 60; place += 1)
      other.link(root, 'element', place, other.add('object', 'Other'));
    const stranger = await other.write('stranger');
    const told = (files: readonly [string, string] | readonly [string, string, string]) =>
      expect(findGrowth({ ...SETTINGS, files })).rejects;
    await told([second, first]).toThrow(/second was taken first/);
    await told([first, third, second]).toThrow(/second was taken first/);
    await told([first, first]).toThrow(/the same snapshot/);
    await told([first, stranger]).toThrow(
      expect.objectContaining({
        code: 'TL_SNAPSHOTS_UNRELATED',
        message: expect.stringContaining('different processes'),
      }),
    );
  });
});
