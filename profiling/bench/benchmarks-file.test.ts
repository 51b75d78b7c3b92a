import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withSection, writeSection } from './benchmarks-file.ts';

const section = (name: string, content: string): string =>
  `<!-- generated:${name} -->\n\n${content}\n\n<!-- /generated:${name} -->`;

describe('withSection', () => {
  it('puts a new section behind the others', () => {
    expect(withSection('# Title\n', 'peers', 'Ratios.')).toBe(`# Title\n\n${section('peers', 'Ratios.')}\n`);
  });

  it('replaces its own and leaves the others and what stands between alone', () => {
    const text = `# Title\n\n${section('hub', 'A.')}\n\nBy hand.\n\n${section('peers', 'B.')}\n\nThe end.\n`;
    expect(withSection(text, 'hub', '\nNew $& A.\n')).toBe(
      `# Title\n\n${section('hub', 'New $& A.')}\n\nBy hand.\n\n${section('peers', 'B.')}\n\nThe end.\n`,
    );
    expect(withSection(text, 'peers', 'New B.')).toBe(
      `# Title\n\n${section('hub', 'A.')}\n\nBy hand.\n\n${section('peers', 'New B.')}\n\nThe end.\n`,
    );
  });

  it('is the same when it is put in again', () => {
    const once = withSection('# Title\n', 'peers', 'Ratios.');
    expect(withSection(once, 'peers', 'Ratios.')).toBe(once);
  });

  it('does not guess where a section without an end would end', () => {
    expect(() => withSection('<!-- generated:peers -->\n', 'peers', 'B.')).toThrow(
      'expected <!-- /generated:peers --> behind <!-- generated:peers -->',
    );
  });
});

describe('writeSection', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('makes the file where there is none, and keeps what is there', async () => {
    const file = join(folder, 'BENCHMARKS.md');
    await writeSection(file, 'peers', 'Ratios.');
    expect(await readFile(file, 'utf8')).toMatch(
      /^# Benchmarks\n[\s\S]+Ratios\.\n\n<!-- \/generated:peers -->\n$/,
    );
    await writeFile(file, '# Mine\n');
    await writeSection(file, 'peers', 'Ratios.');
    expect(await readFile(file, 'utf8')).toBe(`# Mine\n\n${section('peers', 'Ratios.')}\n`);
  });

  it('says what cannot be written', async () => {
    await expect(writeSection(join(folder, 'no', 'where.md'), 'peers', 'Ratios.')).rejects.toMatchObject({
      code: 'TL_OUT_NOT_WRITABLE',
      message: expect.stringContaining('no such file or directory'),
    });
  });
});
