import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamicSymbol } from './elf-symbols.ts';

const START = '_ZN4node5StartEiPPc';

describe('dynamicSymbol', () => {
  let folder: string;
  const file = (name: string, content: Buffer | string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchline-elf-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds what Node.js exports, and nothing of the kind in another program', async () => {
    expect(await dynamicSymbol(process.execPath, START)).toBe('defined');
    expect(await dynamicSymbol(process.execPath, `${START}x`)).toBe('absent');
    expect(await dynamicSymbol('/bin/sh', START)).toBe('absent');
  });

  it('tells what a program takes from a library from what it has itself', async () => {
    expect(await dynamicSymbol('/bin/sh', 'malloc')).toBe('needed');
  });

  it('takes a text that only contains the name for no program', async () => {
    expect(await dynamicSymbol(file('script', `#!/bin/sh\n# ${START}\0`), START)).toBe('absent');
    expect(await dynamicSymbol(file('empty', ''), START)).toBe('absent');
  });

  it('survives tables that lie outside the file', async () => {
    const header = Buffer.alloc(64, 0xff);
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]).copy(header);
    header.writeUInt16LE(64, 58);
    expect(await dynamicSymbol(file('broken', header), START)).toBe('absent');
    header.writeBigUInt64LE(1_000n, 40);
    header.writeUInt16LE(3, 60);
    expect(await dynamicSymbol(file('short', header), START)).toBe('absent');
  });
});
