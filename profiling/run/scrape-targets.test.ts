import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { advertiseTarget } from './scrape-targets.ts';

const TARGET = { runId: 'run-1', scenario: 'concurrency', metricsUrl: 'http://127.0.0.1:4321/metrics' };

it('is there while the run lasts, and gone afterwards', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-targets-'));
  const withdraw = await advertiseTarget({ ...TARGET, folder });
  expect(JSON.parse(await readFile(join(folder, `run-1.${process.pid}.json`), 'utf8'))).toEqual([
    {
      targets: ['127.0.0.1:4321'],
      labels: { job: 'touchline-server', scenario: 'concurrency', run: 'run-1' },
    },
  ]);
  await withdraw();
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

it('removes what a killed run left behind, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-targets-'));
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  for (const name of [`old.${ended}.json`, 'mine.json', `old.${process.ppid}.json`]) {
    await writeFile(join(folder, name), '[]');
  }
  const withdraw = await advertiseTarget({ ...TARGET, folder });
  await withdraw();
  expect((await readdir(folder)).sort()).toEqual(['mine.json', `old.${process.ppid}.json`].sort());
  await rm(folder, { recursive: true });
});

it('does not stop a run where nothing can be written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-targets-'));
  await writeFile(join(folder, 'file'), '');
  const withdraw = await advertiseTarget({ ...TARGET, folder: join(folder, 'file', 'below') });
  await expect(withdraw()).resolves.toBeUndefined();
  await rm(folder, { recursive: true });
});
