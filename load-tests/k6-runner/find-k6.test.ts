/** Looks for k6 on machines that have this or that: programs in a folder of their own are all of PATH. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../server/testing/output-folder.ts';
import { builtK6, whyNotGo } from './build-k6.ts';
import { findK6, K6_IMAGE } from './find-k6.ts';

const folders: { remove(): Promise<void> }[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => folder.remove())));

/** A machine with these programs: name → what it does, in sh. */
async function machine(programs: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  folders.push(folder);
  const path = join(folder.path, 'bin');
  const module = join(folder.path, 'load-tests', 'k6');
  await mkdir(path);
  await mkdir(module, { recursive: true });
  await writeFile(join(module, 'go.sum'), 'pinned');
  for (const [name, does] of Object.entries(programs)) {
    await writeFile(join(path, name), `#!/bin/sh\n${does}\n`);
    await chmod(join(path, name), 0o755);
  }
  const notes: string[] = [];
  const options = {
    projectFolder: folder.path,
    environment: { PATH: path },
    onNote: (text: string) => notes.push(text),
  };
  return { options, notes, find: () => findK6(options) };
}

const K6 = 'echo "k6 v2.2.0 (go1.26.8, linux/amd64)"';
const OLD_K6 = 'echo "k6 v1.8.1 (commit/abc, go1.25, linux/amd64)"';
/** What the npm package of that name does with words. */
const DUMMY = 'echo "k6 autocompletion" ; exit 0';
const NO_DAEMON = 'exit 1';
const DOCKER = 'exit 0';
const OLD_GO = 'echo "go version go1.19.8 linux/amd64"';
/** Builds what it is told to, as Go does. */
const GO = [
  '[ "$1" = version ] && echo "go version go1.26.8 linux/amd64" && exit 0',
  '[ "$GOTOOLCHAIN" = local ] || exit 9',
  'while [ "$1" != -o ]; do shift; done; echo built > "$2"',
].join('\n');

describe('findK6', () => {
  it('takes k6 2.x on PATH before all else', async () => {
    const { find } = await machine({ k6: K6, docker: DOCKER, go: GO });
    expect(await find()).toMatchObject({ kind: 'program', file: 'k6', note: 'k6 v2.2.0 on PATH' });
  });

  it.each([
    [DUMMY, /is not k6.*npm package k6/],
    ['exit 1', /is not k6/],
    [OLD_K6, /is k6 v1\.8\.1; the scripts need k6 v2/],
  ])('refuses another k6 with a sentence, and looks on', async (k6, sentence) => {
    const { find, notes } = await machine({ k6, docker: DOCKER });
    expect(await find()).toMatchObject({ kind: 'docker', image: K6_IMAGE });
    expect(notes).toEqual([expect.stringMatching(sentence)]);
  });

  it('pulls the image where Docker answers and has it not', async () => {
    const docker = '[ "$1" = image ] && exit 1; exit 0';
    const { find, notes } = await machine({ docker });
    expect(await find()).toMatchObject({ kind: 'docker' });
    expect(notes).toEqual([`pulling ${K6_IMAGE} (once) …`]);
  });

  it('builds with Go where no Docker answers, once for each pin', async () => {
    const { find, notes, options } = await machine({ docker: NO_DAEMON, go: GO });
    const file = builtK6(options);
    expect(await find()).toMatchObject({ file, note: expect.stringContaining('built with Go') });
    expect(await find()).toMatchObject({ file, note: expect.stringContaining('built before') });
    await writeFile(join(options.projectFolder, 'load-tests', 'k6', 'go.sum'), 'pinned anew');
    expect(await find()).toMatchObject({ note: expect.stringContaining('built with Go') });
    expect(notes).toHaveLength(2);
  });

  it('else says what there is not, and how to install it', async () => {
    const { find } = await machine({ k6: OLD_K6, docker: NO_DAEMON, go: OLD_GO });
    await expect(find()).rejects.toMatchObject({
      code: 'TL_K6_UNAVAILABLE',
      message: expect.stringMatching(
        /v1\.8\.1.*daemon does not answer\. expected Go 1\.25 or later.*received go1\.19\. Install k6 2\.x/,
      ),
    });
    const { find: findNothing } = await machine({});
    await expect(findNothing()).rejects.toThrow(
      /no k6 on PATH\. There is no Docker\. expected Go 1\.25.*there is none/,
    );
  });
});

it.each([
  ['go version go1.25.0 linux/amd64', undefined],
  ['go version go2.0 linux/amd64', undefined],
  [
    'go version go1.24.9 linux/amd64',
    'expected Go 1.25 or later on PATH, to build k6 with; received go1.24.',
  ],
  ['gcc', 'expected Go 1.25 or later on PATH, to build k6 with; received "gcc".'],
])('whyNotGo(%s)', (answer, reason) => {
  expect(whyNotGo(answer)).toBe(reason);
});
