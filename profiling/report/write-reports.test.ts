import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRunRecord } from '../record/parse-run-record.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { judgedConcurrency } from './concurrency/judged-concurrency.ts';
import { writeReports } from './write-reports.ts';

const run = judgedConcurrency(sampleRecord());
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-reports-'));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});
const write = () =>
  writeReports({ ...run, runFolder: join(folder, 'run-1'), latestFolder: join(folder, 'latest') });

describe('writeReports', () => {
  it('writes the record, the reports and their charts', async () => {
    const files = await write();
    expect(files).toEqual({
      runFile: join(folder, 'run-1', 'run.json'),
      reportFile: join(folder, 'run-1', 'report.md'),
      htmlFile: join(folder, 'run-1', 'report.html'),
    });
    const kept = JSON.parse(await readFile(files.runFile, 'utf8'));
    expect(parseRunRecord(kept, 'run.json')).toEqual(run.record);
    expect(await readdir(join(folder, 'run-1'))).toEqual([
      'capacity.svg',
      'connections.svg',
      'delivery-latency.svg',
      'latency-over-time.svg',
      'memory.svg',
      'report.html',
      'report.md',
      'run.json',
      'server-load.svg',
    ]);
  });

  it.each([
    ['run-1', 'report.md'],
    ['latest', 'websocket-profile.md'],
  ])('links charts that are there, in %s', async (where, name) => {
    await write();
    const markdown = await readFile(join(folder, where, name), 'utf8');
    const links = [...markdown.matchAll(/\]\(([^)]+\.svg)\)/g)].map((match) => match[1]);
    expect(links).toHaveLength(6);
    expect(await readdir(join(folder, where))).toEqual(expect.arrayContaining(links));
  });

  it('leaves in the folder of the newest no chart of an older run, and what is not its own alone', async () => {
    await mkdir(join(folder, 'latest'));
    await writeFile(join(folder, 'latest', 'websocket-profile-old.svg'), '');
    await writeFile(join(folder, 'latest', 'churn-profile.md'), '');
    await write();
    const names = await readdir(join(folder, 'latest'));
    expect(names).not.toContain('websocket-profile-old.svg');
    expect(names).toContain('churn-profile.md');
    expect(names).toContain('websocket-profile.html');
  });

  it('says which file it cannot write', async () => {
    await writeFile(join(folder, 'run-1'), 'a file where a folder should be');
    await expect(write()).rejects.toMatchObject({
      code: 'TL_OUT_NOT_WRITABLE',
      message: expect.stringContaining(`expected to write ${join(folder, 'run-1', 'run.json')}; received`),
    });
  });
});
