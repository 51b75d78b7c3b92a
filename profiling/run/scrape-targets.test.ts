import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instanceOf, type ScrapeTarget, ScrapeTargets } from './scrape-targets.ts';

const SERVER: ScrapeTarget = { job: 'touchline-run-server', metricsUrl: 'http://127.0.0.1:4321/metrics' };
const PROFILER: ScrapeTarget = { job: 'touchline-profiler', metricsUrl: 'http://127.0.0.1:9465/metrics' };
const FILE = `run-1.${process.pid}.json`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-targets-'));
});
afterEach(() => rm(folder, { recursive: true }));

const listed = async () => JSON.parse(await readFile(join(folder, FILE), 'utf8'));

describe('ScrapeTargets', () => {
  it('lists what runs while it runs, and nothing afterwards', async () => {
    const targets = new ScrapeTargets(folder, 'run-1');
    await targets.add(PROFILER);
    const withdrawServer = await targets.add(SERVER);
    expect(await listed()).toEqual([
      { targets: ['127.0.0.1:9465'], labels: { job: 'touchline-profiler' } },
      { targets: ['127.0.0.1:4321'], labels: { job: 'touchline-run-server' } },
    ]);
    await withdrawServer();
    expect(await listed()).toHaveLength(1);
    await targets.withdraw();
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps every target of many that come at once', async () => {
    const targets = new ScrapeTargets(folder, 'run-1');
    const urls = [1, 2, 3, 4, 5].map((port) => `http://127.0.0.1:${port}/metrics`);
    await Promise.all(urls.map((metricsUrl) => targets.add({ job: 'touchline-run-server', metricsUrl })));
    expect(await listed()).toHaveLength(5);
    expect(await readdir(folder)).toEqual([FILE]);
    await targets.withdraw();
  });

  it('leaves out the server that every Prometheus of ours scrapes anyway', async () => {
    const targets = new ScrapeTargets(folder, 'run-1');
    for (const host of ['127.0.0.1', 'localhost']) {
      await targets.add({ job: 'touchline-run-server', metricsUrl: `http://${host}:9464/metrics` });
    }
    expect(await readdir(folder)).toEqual([]);
    await targets.withdraw();
  });

  it('says where metrics are that are not at the usual place', async () => {
    const targets = new ScrapeTargets(folder, 'run-1');
    await targets.add({ job: 'touchline-run-server', metricsUrl: 'https://chat.example/inside/metrics' });
    expect(await listed()).toEqual([
      {
        targets: ['chat.example:443'],
        labels: { job: 'touchline-run-server', __scheme__: 'https', __metrics_path__: '/inside/metrics' },
      },
    ]);
    await targets.withdraw();
  });

  it('removes what a killed run left behind, and nothing else', async () => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const stays = ['mine.json', `old.${process.ppid}.json`];
    for (const name of [`old.${ended}.json`, `old.${ended}.json.unfinished`, ...stays]) {
      await writeFile(join(folder, name), '[]');
    }
    const targets = new ScrapeTargets(folder, 'run-1');
    await targets.withdraw();
    expect((await readdir(folder)).sort()).toEqual(stays.sort());
  });

  it('does not stop a run where nothing can be written', async () => {
    await writeFile(join(folder, 'file'), '');
    const targets = new ScrapeTargets(join(folder, 'file', 'below'), 'run-1');
    await targets.add(SERVER);
    await expect(targets.withdraw()).resolves.toBeUndefined();
  });
});

describe('instanceOf', () => {
  it.each([
    ['http://127.0.0.1:4321/metrics', '127.0.0.1:4321'],
    ['http://localhost:9464/metrics', '127.0.0.1:9464'],
    ['http://[::1]:4321/metrics', '[::1]:4321'],
    ['http://chat.example/metrics', 'chat.example:80'],
    ['https://chat.example/metrics', 'chat.example:443'],
  ])('%s is %s', (url, instance) => {
    expect(instanceOf(url)).toBe(instance);
  });
});
