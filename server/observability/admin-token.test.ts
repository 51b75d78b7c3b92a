import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdminToken } from './admin-token.ts';

let parentFolder: string;
beforeEach(async () => {
  parentFolder = await mkdtemp(join(tmpdir(), 'touchline-test-'));
});
afterEach(() => rm(parentFolder, { recursive: true, force: true }));

describe('createAdminToken', () => {
  it('keeps the configured token and writes nothing', async () => {
    const token = await createAdminToken({ configured: 'mine', isTty: false, parentFolder });
    expect(token).toMatchObject({ value: 'mine', source: { kind: 'configured' } });
    expect(await readdir(parentFolder)).toEqual([]);
  });

  it.each([undefined, ''])('on a TTY leaves printing to main (configured: %j)', async (configured) => {
    const token = await createAdminToken({ configured, isTty: true, parentFolder });
    expect(token.source).toEqual({ kind: 'print' });
    expect(Buffer.from(token.value, 'base64url')).toHaveLength(32);
    expect(await readdir(parentFolder)).toEqual([]);
  });

  it('otherwise writes it where only this user can read it, and removes it', async () => {
    const token = await createAdminToken({ configured: undefined, isTty: false, parentFolder });
    if (token.source.kind !== 'file') throw new Error(`expected a file; received ${token.source.kind}`);
    const { path } = token.source;
    expect(await readFile(path, 'utf8')).toBe(`${token.value}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    await token.remove();
    expect(existsSync(dirname(path))).toBe(false);
    await token.remove();
  });

  it('never gives the same random token twice', async () => {
    const options = { configured: undefined, isTty: true };
    const [first, second] = await Promise.all([createAdminToken(options), createAdminToken(options)]);
    expect(first.value).not.toBe(second.value);
  });
});
