import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStill, proveNode } from './prove-node.ts';

const PID = 4242;
const UID = 1_000;

interface Given {
  readonly exe?: string;
  readonly uid?: number;
  /** As in /proc/PID/status. */
  readonly caught?: string;
  readonly words?: readonly string[];
  readonly environment?: readonly string[];
  readonly maps?: string;
  readonly network?: string;
}

describe('proveNode', () => {
  let root: string;
  let procFolder: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'touchline-proc-'));
    procFolder = join(root, 'proc');
    mkdirSync(join(procFolder, 'self', 'ns'), { recursive: true });
    symlinkSync(process.execPath, join(procFolder, 'self', 'exe'));
    symlinkSync('net:[1]', join(procFolder, 'self', 'ns', 'net'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** A folder as the kernel shows it; the program is a real file. */
  function give({ exe = process.execPath, uid = UID, caught = '0000000100004602', ...given }: Given): void {
    const folder = join(procFolder, String(PID));
    mkdirSync(join(folder, 'ns'), { recursive: true });
    symlinkSync(exe, join(folder, 'exe'));
    symlinkSync(given.network ?? 'net:[1]', join(folder, 'ns', 'net'));
    writeFileSync(
      join(folder, 'status'),
      `Name:\tnode\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nSigCgt:\t${caught}\n`,
    );
    writeFileSync(join(folder, 'cmdline'), `${(given.words ?? ['node', 'server.js']).join('\0')}\0`);
    writeFileSync(join(folder, 'environ'), `${(given.environment ?? ['PATH=/bin']).join('\0')}\0`);
    writeFileSync(join(folder, 'maps'), given.maps ?? '');
    writeFileSync(join(folder, 'stat'), `${PID} (a ) b) S ${Array(18).fill('0').join(' ')} 777 0\n`);
  }

  const prove = () => proveNode(PID, { procFolder, uid: UID });
  const called = (name: string, source: string): string => {
    symlinkSync(source, join(root, name));
    return join(root, name);
  };

  it('takes Node.js of this user, with its words and the moment it began', async () => {
    give({ words: ['node', '--inspect-port=9300', 'server.js'], environment: ['A=1', 'NODE_OPTIONS=--x'] });
    const proven = await prove();
    expect(proven).toEqual({
      pid: PID,
      executable: process.execPath,
      startedAt: '777',
      words: ['node', '--inspect-port=9300', 'server.js'],
      nodeOptions: '--x',
    });
    expect(await isStill(proven, procFolder)).toBe(true);
    expect(await isStill({ ...proven, startedAt: '778' }, procFolder)).toBe(false);
  });

  const refusals: readonly (readonly [string, () => void, RegExp])[] = [
    ['no such process', () => undefined, /received 4242: no such process$/],
    ['another user', () => give({ uid: 33 }), /a process of user 33; this is user 1000$/],
    ['another program', () => give({ exe: '/bin/sh' }), /which is not called node or nodejs$/],
    [
      'another program that is called node',
      () => give({ exe: called('node', '/bin/sh') }),
      /node, which is called node and is not Node\.js$/,
    ],
    [
      'Node.js under another name',
      () => give({ exe: called('electron', process.execPath) }),
      /electron, which is not called node or nodejs$/,
    ],
    [
      'Node.js that would die of the signal',
      () => give({ caught: '0000000100004402' }),
      /does not catch SIGUSR1 \(still starting, or built without an inspector\): the signal would end it$/,
    ],
    [
      'Node.js that switched the signal off',
      () => give({ caught: '0', words: ['node', '--disable-sigusr1', 'a.js'] }),
      /Node\.js with --disable-sigusr1, whose inspector no signal opens$/,
    ],
    [
      'the same by its environment',
      () => give({ caught: '0', environment: ['NODE_OPTIONS=--disable-sigusr1'] }),
      /--disable-sigusr1/,
    ],
    ['a container', () => give({ network: 'net:[2]' }), /in another network namespace \(a container\)/],
  ];

  it.each(refusals)('refuses %s, and says what it is', async (_what, arrange, message) => {
    arrange();
    await expect(prove()).rejects.toMatchObject({
      code: 'TL_ATTACH_REFUSED',
      message: expect.stringMatching(message),
    });
  });

  it('refuses where there is no /proc', async () => {
    await expect(proveNode(PID, { procFolder: join(root, 'none'), uid: UID })).rejects.toThrow('no /proc');
  });
});
