/** Real runs against the real server, under the eyes of a real Prometheus: every panel has data, and it is true. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  BROADCAST,
  CONCURRENCY,
  FIREHOSE,
  ProfilerProcess,
  type RecordOf,
  recordIn,
} from '../profiling/testing/profiler-process.ts';
import { INSTRUMENTED_METRICS } from '../server/observability/instrument/instrumented-metrics.ts';
import { temporaryFolder } from '../server/testing/output-folder.ts';
import type { PrometheusProcess } from '../server/testing/prometheus-process.ts';
import { type PanelQuery, panelQueries } from './panel-queries.ts';
import { readBoards } from './testing/read-boards.ts';
import { readPromQl } from './testing/read-promql.ts';
import { emptyQueries, rangeOf, type Stretch, startSession } from './testing/session.ts';

/** Series of a server under load, and of the profiler beside it: histograms are most of them. */
const MOST_SERIES = { 'touchline-run-server': 500, 'touchline-profiler': 250 } as const;
const WARM_UP_SECONDS = 0.5;
const FOREIGN = new URL('../server/testing/foreign-ws-server.mjs', import.meta.url).pathname;
const nowSeconds = () => Date.now() / 1_000;

describe('boards during runs', () => {
  let out: Awaited<ReturnType<typeof temporaryFolder>>;
  const targets = () => join(out.path, 'targets');
  let prometheus: PrometheusProcess;
  let whole: Stretch;

  const run = async (name: string, script: string, argv: readonly string[]): Promise<void> => {
    const folder = join(out.path, name);
    const words = [...argv, '--warm-up', `${WARM_UP_SECONDS}s`, '--out', folder];
    const { exit, stderr } = await new ProfilerProcess(script, words, {
      environment: { TOUCHLINE_TARGETS: targets() },
    }).ended;
    // Whether it is judged good says nothing here.
    expect([0, 1, 4], stderr).toContain(exit);
  };
  /** The one value of a series of a run, the largest it had. */
  const highest = async (series: string): Promise<number> => {
    const { range } = rangeOf(whole);
    const [found, more] = await prometheus.query(`max(max_over_time(${series}[${range}]))`, whole.toSeconds);
    if (found === undefined || more !== undefined) throw new Error(`expected one ${series}`);
    return found.value;
  };
  /** What a counter came to in a run, whose processes began it at 0. */
  const counted = async (counter: string, { startedAt, finishedAt }: RecordOf<'concurrency'>) => {
    const toSeconds = finishedAt / 1_000 + 2;
    const range = `${Math.ceil(toSeconds - startedAt / 1_000)}s`;
    const [found] = await prometheus.query(`max(max_over_time(${counter}[${range}]))`, toSeconds);
    return found?.value ?? 0;
  };

  beforeAll(async () => {
    out = await temporaryFolder();
    prometheus = await startSession(targets());
    const fromSeconds = nowSeconds();
    // A breach would have the load run once more, and the server count what no tier has.
    const noBreach = ['p50', 'p95', 'p99'].flatMap((name) => ['--threshold', `${name}=60s`]);
    await run('concurrency', CONCURRENCY, ['--tiers', '50,700', '--duration', '2s', ...noBreach]);
    await run('broadcast', BROADCAST, [
      ...['--quick', '--connections', '50', '--rates', '50', '--closed', '1s', '--slow-readers', '0'],
      ...['--duration', '1s'],
    ]);
    await run('firehose', FIREHOSE, [
      ...['--quick', '--rates', '1000000', '--readers', '1', '--format', 'json', '--modes', 'coalesced'],
      ...['--engines', 'ws', '--reader-kinds', 'lean', '--slow-readers', '1', '--duration', '1s'],
    ]);
    whole = { fromSeconds, toSeconds: nowSeconds() };
  }, 180_000);
  afterAll(() => Promise.all([prometheus.stop(), out.remove()]));

  const boards = readBoards().filter(({ uid }) => uid !== 'touchline-k6');

  it.each(boards.map((board) => [board.uid ?? '', board] as const))(
    '%s: every query of every panel has data',
    async (_uid, board) => {
      const queries = panelQueries(board, rangeOf(whole));
      expect(queries.length).toBeGreaterThan(20);
      expect(await emptyQueries(prometheus, queries, whole)).toEqual([]);
    },
  );

  it('shows as many connections and deliveries as run.json has', async () => {
    const record = recordIn(join(out.path, 'concurrency'), 'concurrency');
    expect(await highest('touchline_connections')).toBe(700);
    const received = record.tiers.reduce((sum, { load }) => sum + load.ledger.received, 0);
    const seen = await counted('touchline_profile_deliveries_total', record);
    expect(Math.abs(seen / received - 1)).toBeLessThan(0.01);
    expect(await counted('touchline_profile_deliveries_amiss_total{kind="lost"}', record)).toBe(0);
    // The server has counted its own warm-up, too, which is no tier.
    const { connections = 0, broadcastsPerSecond = 0, durationMs = 0 } = record.serverWarmUp ?? {};
    const warmUp = (connections * broadcastsPerSecond * durationMs) / 1_000;
    expect(warmUp).toBeGreaterThan(0);
    const served = await counted('touchline_deliveries_total', record);
    expect(Math.abs(served / (received + warmUp) - 1)).toBeLessThan(0.01);
  });

  it('keeps within the series it may have, and no label of them names a run', async () => {
    const { range } = rangeOf(whole);
    for (const [job, most] of Object.entries(MOST_SERIES)) {
      const counted = await prometheus.query(
        `count by (instance) (last_over_time({job="${job}"}[${range}]))`,
        whole.toSeconds,
      );
      expect(counted.length).toBeGreaterThan(0);
      for (const { value } of counted) expect(value).toBeLessThan(most);
    }
    const named = await prometheus.query(
      `count by (__name__) (last_over_time({run!=""}[${range}]))`,
      whole.toSeconds,
    );
    expect(named.map(({ metric }) => metric['__name__'])).toEqual(['touchline_profile_run_info']);
  });
});

describe('the Overview of a server that is none of ours', () => {
  let out: Awaited<ReturnType<typeof temporaryFolder>>;
  let prometheus: PrometheusProcess;
  let server: ChildProcess;
  const clients: WebSocket[] = [];
  let timer: NodeJS.Timeout;

  beforeAll(async () => {
    out = await temporaryFolder();
    const targets = join(out.path, 'targets');
    prometheus = await startSession(targets);
    server = fork(FOREIGN);
    const [{ port }] = (await once(server, 'message')) as [{ readonly port: number }];
    const file = join(targets, 'foreign.json');
    const group = { targets: [`127.0.0.1:${port}`], labels: { job: 'touchline-server' } };
    await writeFile(`${file}.part`, JSON.stringify([group]));
    await rename(`${file}.part`, file);
    await prometheus.queryUntil('up', (found) => found.some(({ value }) => value === 1));
    const open = async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/feed`);
      clients.push(socket);
      await once(socket, 'open');
      return socket;
    };
    const first = await open();
    await prometheus.queryUntil('touchline_connections == 1', ({ length }) => length > 0);
    // Memory is told by connection from 500 on.
    await Promise.all(Array.from({ length: 600 }, open));
    timer = setInterval(() => first.send('all of you'), 100);
  });
  afterAll(async () => {
    clearInterval(timer);
    for (const client of clients) client.terminate();
    server.disconnect();
    await Promise.all([prometheus.stop(), out.remove()]);
  });

  it('has data on every panel that can apply', async () => {
    const board = readBoards().find(({ uid }) => uid === 'touchline-overview') as Dashboard;
    const queries = panelQueries(board, { range: '60s' }).filter(appliesToForeign);
    expect(queries.length).toBeGreaterThan(20);
    const fromSeconds = nowSeconds();
    // Rates want five scrapes.
    await prometheus.queryUntil(
      'sum(rate(touchline_deliveries_total[4s])) > 100',
      ({ length }) => length > 0,
    );
    clients.at(-1)?.close();
    await prometheus.queryUntil(
      'sum(rate(touchline_connections_closed_total[4s])) > 0',
      ({ length }) => length > 0,
    );
    expect(await emptyQueries(prometheus, queries, { fromSeconds, toSeconds: nowSeconds() })).toEqual([]);
  });
});

/** Asks only for what `instrument` can know. */
function appliesToForeign({ expr }: PanelQuery): boolean {
  const known = new Set<string>(INSTRUMENTED_METRICS);
  return readPromQl(expr).series.every(({ name }) =>
    [name, name.replace(/_(bucket|sum|count)$/, '')].some((one) => known.has(one) || one === 'up'),
  );
}
