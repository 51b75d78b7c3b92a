import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discardIfEmpty, prepareOutputFolder } from './output-folder.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'touchline-output-'));
});
afterEach(() => rm(home, { recursive: true }));

describe('prepareOutputFolder', () => {
  it('makes the folder with its parents, leaves nothing in it, and takes one that is there', async () => {
    const folder = join(home, 'a', 'b');
    await prepareOutputFolder(folder);
    await prepareOutputFolder(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['a path under a file', () => join(home, 'file', 'x'), /ENOTDIR/],
    ['a file', () => join(home, 'file'), /ENOTDIR/],
    ['a file system that makes no folders', () => '/proc/touchline/x', /ENOENT/],
  ])('refuses %s', async (_, folder, received) => {
    writeFileSync(join(home, 'file'), '');
    await expect(prepareOutputFolder(folder())).rejects.toMatchObject({
      code: 'TL_OUT_NOT_WRITABLE',
      message: expect.stringMatching(received),
    });
  });
});

describe('discardIfEmpty', () => {
  it('removes an empty folder only', async () => {
    const [empty, full] = [join(home, 'empty'), join(home, 'full')];
    await prepareOutputFolder(empty);
    await prepareOutputFolder(full);
    writeFileSync(join(full, 'run.json'), '{}');
    await discardIfEmpty(empty);
    await discardIfEmpty(full);
    expect([existsSync(empty), existsSync(full)]).toEqual([false, true]);
  });
});
