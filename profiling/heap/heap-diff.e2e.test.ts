/** `heap:diff` on programs that are not ours: what leaks in them is named, and where nothing leaks nothing is. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { outputFolderOf, temporaryFolder } from '../../server/testing/output-folder.ts';
import type { GrowingClass, HeapGrowth } from '../record/heap-growth-record.ts';
import { runProfiler } from '../testing/profiler-process.ts';
import { StartedProgram } from './testing/started-program.ts';

const HEAP_DIFF = 'profiling/heap-diff.js';
const AT_ONCE = 20;
const SOURCE = 'profiling/heap/testing/leaking-program.mjs';

type Compared = HeapGrowth & { readonly verdict: string };
type Connect = (program: StartedProgram, index: number) => Promise<void>;

/** Three snapshots with as many connections before, between and between. */
async function snapshotsOf(program: StartedProgram, connections: number, connect: Connect): Promise<void> {
  for (let cycle = 0; cycle < 3; cycle += 1) {
    for (let done = 0; done < connections; done += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => connect(program, done + index)));
    }
    await program.takeSnapshot();
  }
}

function found(growth: Compared, name: string): GrowingClass {
  const one = growth.classes.find((each) => each.name === name);
  if (one === undefined) throw new Error(`${name} is not among ${growth.classes.map((each) => each.name)}`);
  return one;
}

async function visit(program: StartedProgram): Promise<void> {
  await program.ask('/');
}

/** The client of Socket.IO itself, as browsers get it; it speaks through the WebSocket it finds. */
const require = createRequire(import.meta.url);
Reflect.set(globalThis, 'WebSocket', WebSocket);
const { io } = require(
  join(dirname(require.resolve('socket.io/package.json')), 'client-dist/socket.io.js'),
) as {
  io: (url: string, options: object) => Client;
};
interface Client {
  emit(event: string, answer: (online: number) => void): void;
  disconnect(): void;
}

async function greet(program: StartedProgram, index: number): Promise<void> {
  const client = io(`http://127.0.0.1:${program.port}`, {
    transports: ['websocket'],
    forceNew: true,
    query: { name: `visitor ${index}` },
  });
  await new Promise((resolve) => client.emit('hello', resolve));
  client.disconnect();
}

describe.concurrent('heap:diff', () => {
  it('names a leak of every kind, its holder and its line', async (test) => {
    const folder = await outputFolderOf(test);
    const program = await StartedProgram.start('leaking-program.mjs', folder, '1');
    test.onTestFinished(() => program.stop());
    await snapshotsOf(program, 100, visit);
    await program.writeHeapProfile();
    const words = ['--connections', '100', '--heapprofile', program.heapProfile];
    const asJson = await runProfiler(HEAP_DIFF, [...program.snapshots, ...words, '--json']);
    test.expect(asJson.exit, asJson.stderr).toBe(1);
    const growth: Compared = JSON.parse(asJson.stdout);
    const of = (name: string) => found(growth, name);
    const stayed = { persisting: 100, heldCount: 100, countPerConnection: 1, keptBy: null };

    test.expect(of('ClientSession')).toMatchObject({ ...stayed, holder: 'Map: Registry.sessions' });
    test.expect(of('ClientSession').allocatedAt).toMatchObject({ functionName: 'open', file: SOURCE });
    test.expect(of('onPrice')).toMatchObject({ ...stayed, kind: 'closure', event: 'price' });
    test.expect(of('onPrice').holder).toBe('Array: prices._events.price');
    test.expect(of('onPrice').allocatedAt).toMatchObject({ functionName: 'onPrice', file: SOURCE });
    test.expect(of('onClosing')).toMatchObject({ ...stayed, event: 'closing' });
    test.expect(of('Timeout').holder).toBe('TimersList: timers of 3600000 ms, each calls sendPresence');
    test.expect(of('sendPresence')).toMatchObject({ persisting: 100, keptBy: 'Timeout' });
    test
      .expect(of('(anonymous)'))
      .toMatchObject({ ...stayed, kind: 'closure', holder: 'Array: undelivered' });
    test.expect(of('Buffer')).toMatchObject({ ...stayed, holder: 'Array: uploads' });
    test.expect(of('Buffer').bytesPerConnection).toBeGreaterThan(20_000);
    test
      .expect(of('Buffer').allocatedAt, 'the handler of requests, which has no name')
      .toMatchObject({ file: SOURCE });
    test.expect(of('Socket').allocatedAt, 'made by Node').toBeNull();
    test.expect(of('(anonymous)').event).toBeNull();
    test.expect(of('JSArrayBufferData').keptBy).toBe('ArrayBuffer');
    test.expect(of('Socket')).toMatchObject({ ...stayed, holder: 'Set: neverClosed' });
    test.expect(growth.collections).toMatchObject([
      {
        kind: 'string',
        counts: [101, 201, 301],
        persisting: 100,
        countPerConnection: 1,
        holder: 'Set: seenIds',
      },
      { kind: 'place', holder: 'Array: delays' },
    ]);
    test
      .expect(growth.classes[0]?.name, 'the first of all is of the program itself')
      .toMatch(/^(ClientSession|on\w+|\(anonymous\))$/);

    const asText = await runProfiler(HEAP_DIFF, [...program.snapshots, ...words]);
    test.expect(asText.stdout).toMatch(/^LEAK: /);
    test.expect(asText.stdout).toContain("function onPrice on 'price'");
    const [first = '', second = '', third = ''] = program.snapshots;
    const backwards = await runProfiler(HEAP_DIFF, [third, second, first]);
    test.expect(backwards.stderr).toMatch(/^TL_SNAPSHOTS_UNRELATED: .*taken first/);
    test.expect([backwards.exit, backwards.stdout]).toEqual([4, '']);
  });

  it('names what one connection in a hundred leaks', async (test) => {
    const program = await StartedProgram.start('leaking-program.mjs', await outputFolderOf(test), '100');
    test.onTestFinished(() => program.stop());
    await snapshotsOf(program, 300, visit);
    const { exit, stdout, stderr } = await runProfiler(HEAP_DIFF, [
      ...program.snapshots,
      '--connections',
      '300',
      '--json',
    ]);
    test.expect(exit, stderr).toBe(1);
    test.expect(found(JSON.parse(stdout), 'ClientSession')).toMatchObject({
      counts: [3, 6, 9],
      persisting: 3,
      holder: 'Map: Registry.sessions',
    });
  });

  it('finds nothing where nothing leaks', async (test) => {
    const program = await StartedProgram.start('leaking-program.mjs', await outputFolderOf(test), '0');
    test.onTestFinished(() => program.stop());
    await snapshotsOf(program, 300, visit);
    const { exit, stdout } = await runProfiler(HEAP_DIFF, [...program.snapshots, '--connections', '300']);
    test
      .expect([exit, stdout.split('\n')[0]])
      .toEqual([
        0,
        'NO LEAK: no class grew in both intervals by 2 objects or more, no collection by 10 entries or more.',
      ]);
  });

  it.each([
    ['leak', 1],
    ['clean', 0],
  ] as const)('tells a Socket.IO program with %s: exit %i', async (how, expected) => {
    const folder = await temporaryFolder();
    const program = await StartedProgram.start('leaking-socket-io.mjs', folder.path, how);
    try {
      await snapshotsOf(program, 100, greet);
      const { exit, stdout, stderr } = await runProfiler(HEAP_DIFF, [
        ...program.snapshots,
        '--connections',
        '100',
        '--json',
      ]);
      expect(exit, stderr + stdout).toBe(expected);
      const growth: Compared = JSON.parse(stdout);
      if (how === 'clean') {
        expect(growth.classes).toEqual([]);
        return;
      }
      expect(found(growth, 'Visitor')).toMatchObject({ persisting: 100, holder: 'Map: Presence.online' });
      expect(found(growth, 'onNews')).toMatchObject({ event: 'published', heldCount: 100 });
    } finally {
      await program.stop();
      await folder.remove();
    }
  });
});
