import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadPlan } from '../../load-tests/generator/load-plan.ts';
import type { Load } from '../live/watched-load.ts';
import type { ScenarioProgress } from '../scenarios/scenario.ts';
import { sampleTier } from '../testing/sample-tier.ts';
import { LiveShow } from './live-show.ts';

const PLAN = { connections: 10 } as LoadPlan;
const SILENT = { phase: () => undefined, progress: () => undefined };
const GENERATOR: Load = {
  run: async () => sampleTier(10).load,
  churn: () => Promise.reject(new Error('no churn here')),
  ticks: () => Promise.reject(new Error('no ticks here')),
  http: () => Promise.reject(new Error('no HTTP here')),
};
const at = (phase: ScenarioProgress['phase']): ScenarioProgress => ({
  phase,
  step: '',
  connections: 10,
  load: null,
  remainingMs: 7_500,
});

let folder = '';
const shows: LiveShow[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-live-'));
});
afterEach(async () => {
  for (const show of shows.splice(0)) await show.close();
  await rm(folder, { recursive: true });
});

async function open(changes: { isOn?: boolean; host?: string } = {}) {
  const notes: string[] = [];
  const show = await LiveShow.open({
    run: 'run-1',
    scenario: 'concurrency',
    version: '0.1.0',
    targetsFolder: folder,
    isOn: true,
    host: '127.0.0.1',
    remoteWrite: undefined,
    note: (sentence) => notes.push(sentence),
    ...changes,
  });
  shows.push(show);
  const address = /live: (http\S+)/.exec(notes[0] ?? '')?.[1] ?? '';
  return { show, notes, scrape: async () => (await fetch(address)).text() };
}

async function servers(): Promise<readonly string[]> {
  const [name = ''] = await readdir(folder);
  const groups = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
    readonly targets: readonly string[];
    readonly labels: { readonly job: string };
  }[];
  return groups
    .filter(({ labels }) => labels.job === 'touchline-run-server')
    .flatMap(({ targets }) => targets);
}

describe('LiveShow', () => {
  it('names the run once it knows which server is driven', async () => {
    const { show, scrape } = await open();
    expect(await scrape()).not.toContain('touchline_profile_run_info{');
    await show.drives('http://127.0.0.1:4321/metrics');
    expect(await scrape()).toMatch(/touchline_profile_run_info\{.*server="127\.0\.0\.1:4321".*\} 1/);
    expect(await servers()).toEqual(['127.0.0.1:4321']);
  });

  it('has an empty name for a server that shows nothing', async () => {
    const { show, scrape } = await open();
    await show.drives(null);
    expect(await scrape()).toMatch(/touchline_profile_run_info\{.*server="".*\} 1/);
    expect(await servers()).toEqual([]);
  });

  it('lists further servers for as long as they run', async () => {
    const { show } = await open();
    await show.drives('http://127.0.0.1:4321/metrics');
    const ends = await show.serverRuns('http://127.0.0.1:4322/metrics');
    expect(await servers()).toEqual(['127.0.0.1:4321', '127.0.0.1:4322']);
    await ends();
    expect(await servers()).toEqual(['127.0.0.1:4321']);
  });

  it('counts no load that only warms the server up, and the very next one', async () => {
    const { show, scrape } = await open();
    const load = show.watch(GENERATOR);
    show.report(at('warm-server'));
    await load.run(PLAN, SILENT);
    expect(await scrape()).toMatch(/^touchline_profile_deliveries_total 0$/m);
    expect(await scrape()).toMatch(/^touchline_profile_remaining_seconds 7.5$/m);
    await load.run(PLAN, SILENT);
    const { received } = sampleTier(10).load.ledger;
    expect(await scrape()).toMatch(new RegExp(`^touchline_profile_deliveries_total ${received}$`, 'm'));
  });

  it('ends without a wait where nobody scrapes', async () => {
    const { show } = await open();
    const startedMs = performance.now();
    await show.judged('pass');
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it('says when others than this machine can see it', async () => {
    const { notes } = await open({ host: '0.0.0.0' });
    expect(notes[1]).toMatch(/^live: bound to 0\.0\.0\.0, which is not loopback/);
  });

  it('leaves no trace when it is off', async () => {
    const { show, notes } = await open({ isOn: false });
    await show.drives('http://127.0.0.1:4321/metrics');
    await show.judged('fail');
    expect([notes, await readdir(folder)]).toEqual([[], []]);
  });
});
