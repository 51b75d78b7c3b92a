/**
 * What each board's queries cost on an hour of one-second data (`npm run bench:queries`): a real run is scraped once,
 * an hour is made of it, and Debian's Prometheus answers every query as Grafana asks it.
 */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { type PanelQuery, panelQueries } from '../panel-queries.ts';
import { type ScrapedTarget, writeHour } from './hour-of-data.ts';

const PROJECT = new URL('../../../', import.meta.url).pathname;
const BOARDS = ['overview', 'broadcast-ticks', 'memory-runtime', 'profiling-run'];
const SECONDS = 3_600;
/** Boards ask for 400 points at most: an hour in steps of ten seconds. */
const STEP_SECONDS = 10;
const ROUNDS = 5;
const LIMIT_MS = 100;
const SLOWEST_SHOWN = 8;

interface Cost extends PanelQuery {
  readonly medianMs: number;
}

export async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-queries-'));
  try {
    const targets = await scrapeRun(folder);
    const endSeconds = Math.floor(Date.now() / 1_000);
    const file = createWriteStream(join(folder, 'hour.om'));
    const series = await writeHour(file, targets, { endSeconds, seconds: SECONDS });
    file.end();
    await once(file, 'close');
    run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file.path as string, join(folder, 'data')]);
    report(series, await askAll(folder, endSeconds));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The server and the profiler of a short real run, and the server once more as a second instance. */
async function scrapeRun(folder: string): Promise<readonly ScrapedTarget[]> {
  const words = ['--tiers', '500', '--duration', '4s', '--quiet', '--out', join(folder, 'run')];
  const profiler = spawn(process.execPath, ['profiling/websocket-concurrent-test.js', ...words], {
    cwd: PROJECT,
    stdio: 'ignore',
    env: { ...process.env, TOUCHLINE_TARGETS: folder },
  });
  const ended = once(profiler, 'exit');
  let found: ScrapedTarget[] = [];
  while (profiler.exitCode === null) {
    const now = await scrapeTargets(folder);
    // The last look at both: most is known by then.
    if (now.length === 2) found = now;
    await pause(500);
  }
  await ended;
  const [server] = found.filter(({ job }) => job !== 'touchline-profiler');
  if (server === undefined) throw new Error('expected a run that shows its server; received none');
  return [...found, { ...server, instance: '127.0.0.1:9464', job: 'touchline-server' }];
}

async function scrapeTargets(folder: string): Promise<ScrapedTarget[]> {
  const [name] = (await readdir(folder)).filter((each) => each.endsWith('.json'));
  if (name === undefined) return [];
  try {
    const groups = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
      readonly targets: readonly [string];
      readonly labels: { readonly job: string };
    }[];
    return await Promise.all(
      groups.map(async ({ targets: [instance], labels: { job } }) => ({
        job,
        instance,
        text: await (await fetch(`http://${instance}/metrics`)).text(),
      })),
    );
  } catch {
    // The run is over.
    return [];
  }
}

async function askAll(folder: string, endSeconds: number): Promise<readonly Cost[]> {
  const prometheus = spawn(
    'prometheus',
    [
      '--config.file=/dev/null',
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    let log = '';
    for await (const text of prometheus.stderr) {
      log += String(text);
      if (log.includes('Server is ready')) break;
    }
    const url = `http://${/msg="Listening on" address=(\S+)/.exec(log)?.[1]}`;
    const costs: Cost[] = [];
    for (const query of boardQueries()) costs.push({ ...query, medianMs: await ask(url, query, endSeconds) });
    return costs;
  } finally {
    prometheus.kill('SIGTERM');
    await once(prometheus, 'exit');
  }
}

function boardQueries(): readonly PanelQuery[] {
  return BOARDS.flatMap((name) => {
    const file = join(PROJECT, 'dashboards', 'json', `touchline-${name}.json`);
    const board = JSON.parse(readFileSync(file, 'utf8')) as Dashboard;
    return panelQueries(board, { rateInterval: `${STEP_SECONDS + 1}s`, range: '1h' });
  });
}

async function ask(url: string, { expr }: PanelQuery, endSeconds: number): Promise<number> {
  const body = new URLSearchParams({
    query: expr,
    start: String(endSeconds - SECONDS + 1),
    end: String(endSeconds),
    step: String(STEP_SECONDS),
  });
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const startedMs = performance.now();
    const answer = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`expected an answer to ${expr}; received ${text}`);
    // The first has everything to load.
    if (round > 0) times.push(performance.now() - startedMs);
  }
  return times.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0;
}

function report(series: number, costs: readonly Cost[]): void {
  const bySlowness = costs.toSorted((one, other) => other.medianMs - one.medianMs);
  const slow = bySlowness.filter(({ medianMs }) => medianMs > LIMIT_MS);
  console.log(
    `${series} series, ${SECONDS} s at 1 s, steps of ${STEP_SECONDS} s: ${costs.length} queries of ${BOARDS.length} boards, median of ${ROUNDS} each`,
  );
  for (const { board, title, refId, medianMs } of bySlowness.slice(0, SLOWEST_SHOWN)) {
    console.log(`${medianMs.toFixed(1).padStart(8)} ms  ${board}: ${title} (${refId})`);
  }
  console.log(`over ${LIMIT_MS} ms: ${slow.length}`);
}

function run(program: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`expected ${program} to succeed; it said: ${stderr}`);
}
