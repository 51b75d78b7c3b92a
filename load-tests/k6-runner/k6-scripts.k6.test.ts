/** Each k6 script with the real k6 against the real server: what k6 counted is what the server counted, and the board shows it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelQueries } from '../../dashboards/panel-queries.ts';
import { readBoards } from '../../dashboards/testing/read-boards.ts';
import { emptyQueries, rangeOf, startSession } from '../../dashboards/testing/session.ts';
import { temporaryFolder } from '../../server/testing/output-folder.ts';
import type { PrometheusProcess } from '../../server/testing/prometheus-process.ts';
import type { K6Summary } from '../k6/lib/summary.ts';
import { type RealServer, startRealServer } from '../testing/real-server.ts';
import { findK6 } from './find-k6.ts';

const PROJECT_FOLDER = fileURLToPath(new URL('../../', import.meta.url));
/** Machines that share two cores among tests are slow; whether they are is not what is asked here. */
const LATENCY = /^touchline_profile_(delivery_latency|delivered_ratio_held)$/;
const NOT_2XX = 'checks{check:the answer was a 2xx}';

let out: Awaited<ReturnType<typeof temporaryFolder>>;
let prometheus: PrometheusProcess;
const fromSeconds = Date.now() / 1_000;

beforeAll(async () => {
  // Where k6 cannot be had this fails, and names Go.
  await findK6({ projectFolder: PROJECT_FOLDER, environment: process.env, onNote: () => undefined });
  out = await temporaryFolder();
  prometheus = await startSession(join(out.path, 'targets'));
});
afterAll(() => Promise.all([prometheus?.stop(), out?.remove()]));

interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function command(entry: string, words: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join('load-tests', entry), ...words], {
    cwd: PROJECT_FOLDER,
    env: { ...process.env, PROMETHEUS_URL: prometheus.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, stdout, stderr };
}

interface Tested {
  readonly exit: number | null;
  readonly stderr: string;
  readonly summary: K6Summary;
  readonly server: RealServer;
  /** Broken limits, latency aside. */
  readonly broken: readonly string[];
}

/** Runs a script against a server of its own, and looks at both sides before the server ends. */
async function tested(
  entry: string,
  words: readonly string[],
  look: (tested: Tested) => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const server = await startRealServer(settings);
  try {
    const { exit, stdout, stderr } = await command(entry, [
      ...words,
      ...['--url', server.target.wsUrl, '--json', '--', '--quiet'],
    ]);
    expect([0, 1, 4], stderr).toContain(exit);
    const { summary } = JSON.parse(stdout) as { readonly summary: K6Summary };
    const broken = summary.limits.filter(({ held, metric }) => !held && !LATENCY.test(metric));
    expect(summary.unfinished, stderr).toBe(0);
    await look({ exit, stderr, summary, server, broken: broken.map(({ metric }) => metric) });
  } finally {
    await server.stop();
  }
}

const NOTHING_AMISS = {
  lost: 0,
  duplicated: 0,
  out_of_order: 0,
  wrong_room: 0,
  foreign: 0,
  shared_timestamp: 0,
};

describe.concurrent('k6', () => {
  it('counts in matches what the server counted', () =>
    // As the README has it, by the name that users of such servers know.
    tested('websocket-load.js', ['--vus', '40', '--rate', '20', '--duration', '3s'], async (one) => {
      const { summary, server, broken } = one;
      const { counts, amiss, timed, latencyMs } = summary;
      expect(broken).toEqual([]);
      expect(amiss).toEqual(NOTHING_AMISS);
      expect(counts).toMatchObject({ connectsAttempted: 40, deliveries: counts['deliveriesExpected'] });
      // On a busy machine some join when the first is out already.
      expect(counts['deliveries']).toBeGreaterThan(20 * (counts['broadcastsAccepted'] ?? 0));
      expect(counts['deliveries']).toBe(await server.count('touchline_deliveries_total'));
      expect(counts['broadcastsAccepted']).toBe(await server.count('touchline_broadcasts_total'));
      // Each client also has a welcome, and the answers to its subscribe and its unsubscribe.
      expect(counts['wsMessagesReceived']).toBe((counts['deliveries'] ?? 0) + 3 * 40);
      expect(timed).toBe(counts['deliveries']);
      expect(latencyMs['ping']?.['count']).toBeGreaterThan(40);
    }));

  it('misses in broadcast exactly what a fault of the server left out, and fails', () =>
    tested(
      'k6.js',
      ['broadcast', '--vus', '30', '--rate', '50', '--duration', '2s'],
      async ({ exit, summary: { amiss, counts }, server, broken }) => {
        const dropped = await server.count('touchline_deliveries_dropped_total{reason="fault"}');
        expect(dropped).toBeGreaterThan(0);
        expect(amiss).toEqual({ ...NOTHING_AMISS, lost: dropped });
        expect(counts['deliveries']).toBe(await server.count('touchline_deliveries_total'));
        expect(counts['deliveriesExpected']).toBe((counts['deliveries'] ?? 0) + dropped);
        expect(broken).toEqual(['touchline_profile_deliveries_amiss{kind:lost}']);
        expect(exit).toBe(1);
      },
      { TOUCHLINE_FAULTS: 'drop-deliveries=1%' },
    ));

  it('sees doubles, disorder, strangers and a delay as the server made them', () =>
    tested(
      'k6.js',
      ['broadcast', '--vus', '20', '--rate', '50', '--duration', '2s'],
      async ({ summary: { amiss, latencyMs }, server }) => {
        const made = (fault: string) => server.count(`touchline_fault_injections_total{fault="${fault}"}`);
        expect(amiss).toEqual({
          ...NOTHING_AMISS,
          duplicated: await made('duplicate-deliveries'),
          out_of_order: await made('reorder-deliveries'),
          wrong_room: await made('wrong-room'),
        });
        for (const kind of ['duplicated', 'out_of_order', 'wrong_room'])
          expect(amiss[kind]).toBeGreaterThan(0);
        // Two clocks that are read to a ms and a µs.
        expect(latencyMs['delivery']?.['min']).toBeGreaterThanOrEqual(99);
      },
      {
        TOUCHLINE_FAULTS: 'delay-deliveries=100,duplicate-deliveries=1%,reorder-deliveries=1%,wrong-room=1%',
      },
    ));

  it('reads in ticks what the server flushed, and puts its rate back', () =>
    tested('k6.js', ['ticks', '--vus', '3', '--rate', '400', '--duration', '2s'], async (one) => {
      const { summary, server, broken } = one;
      const { counts, amiss } = summary;
      expect(broken).toEqual([]);
      expect(amiss).toEqual(NOTHING_AMISS);
      expect(counts['deliveries']).toBeGreaterThan(3 * 400 * 2);
      expect(counts['deliveries']).toBe(await server.count('touchline_ticks_flushed_total'));
      expect(counts['deliveries']).toBe(await server.count('touchline_ticks_acknowledged_total'));
      expect(await server.count('touchline_tick_target_rate')).toBe(1_000);
    }));

  it('has back in churn all that clients of the storm missed', () =>
    tested('k6.js', ['churn', '--vus', '30', '--rate', '15', '--duration', '4s'], async (one) => {
      const { summary, server, broken } = one;
      const { counts, amiss } = summary;
      expect(broken).toEqual([]);
      expect(amiss).toEqual(NOTHING_AMISS);
      expect(counts['connectsAttempted']).toBe(await server.count('touchline_connections_opened_total'));
      const resumed = await server.count('touchline_resumed_messages_total');
      expect(resumed).toBeGreaterThan(30);
      expect(counts['resumedMessages']).toBe(resumed);
      expect(counts['deliveriesExpected']).toBe((counts['deliveries'] ?? 0) + resumed);
      // What a connection had under way when its client broke loose was delivered, and resumed once more.
      const delivered = await server.count('touchline_deliveries_total');
      expect(delivered - (counts['deliveries'] ?? 0)).toBeGreaterThanOrEqual(0);
      expect(delivered - (counts['deliveries'] ?? 0)).toBeLessThanOrEqual(resumed);
    }));

  it('asks in http what the server answered', () =>
    tested('k6.js', ['http', '--rate', '40', '--duration', '2s'], async (one) => {
      const { summary, server, broken, stderr } = one;
      const routes = [
        'route="/livez",status="200"',
        'route="/readyz",status="200"',
        'route="/readyz",status="503"',
        'route="/matches/:matchId/commentary",status="200"',
        'route="/matches/:matchId/commentary",status="201"',
      ];
      const answered = await Promise.all(
        routes.map((labels) => server.count(`touchline_http_requests_total{${labels}}`)),
      );
      const all = answered.reduce((sum, count) => sum + count, 0);
      // The runner has asked before and behind the test whether the server is there.
      expect(summary.counts['httpRequests']).toBe(all - 2);
      const [livez = 0, ready = 0, notReady = 0, read = 0, published = 0] = answered;
      // A server on a busy machine may say that it is not ready.
      expect(broken, stderr).toEqual(notReady === 0 ? [] : [NOT_2XX]);
      expect(Math.min(livez, ready + notReady, read, published)).toBeGreaterThan(0);
    }));

  it('tells in http an answer that says no from one that comes too late and from none at all', async () => {
    const server = createServer(({ url = '' }, response) => {
      if (url === '/readyz') response.destroy();
      else if (url.endsWith('?limit=20')) return;
      else response.writeHead(url === '/livez' ? 200 : 404).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const words = ['http', '--rate', '20', '--duration', '1s', '--url', url, '--json'];
    const { exit, stdout, stderr } = await command('k6.js', [...words, '--', '--quiet']);
    server.closeAllConnections();
    await promisify(server.close.bind(server))();
    expect(exit, stderr).toBe(1);
    const { summary } = JSON.parse(stdout) as { readonly summary: K6Summary };
    const broken = summary.limits.filter(({ held }) => !held);
    expect(broken.map(({ metric }) => metric)).toEqual([
      'checks{check:the answer came in time}',
      NOT_2XX,
      'checks{check:there was an answer}',
    ]);
    // Of four requests one had no answer, one had it too late, one was told no.
    expect(broken.map(({ observed }) => observed)).toEqual(
      [0.75, 0.5, 0.75].map((share) => expect.closeTo(share, 1)),
    );
    expect(summary.reasons.httpAnswers).toEqual([['404', expect.any(Number)]]);
  });

  it('starts a server for itself, ill where it is told so', async () => {
    const words = ['matches', '--vus', '5', '--duration', '1s', '--fault', 'refuse-connections=40%'];
    const { exit, stdout, stderr } = await command('k6.js', [...words, '--', '--quiet']);
    expect(stderr).toContain('against a server started for this test, with the fault refuse-connections=40%');
    expect(stdout).toMatch(/FAIL connect_failures: count==0, was 2\n/);
    expect(stdout).toContain('connected      3 of 5');
    expect(stdout).toContain('not connected  2 × refused by the server');
    expect(stdout).toMatch(/server +\d+ deliveries handed over, as many as k6 received/);
    expect(exit).toBe(1);
  });

  it.each([
    [['--fault', 'nonsense'], 2, /TL_USAGE: --fault: expected a fault out of .*received "nonsense"/],
    [
      ['--url', 'ws://127.0.0.1:1'],
      3,
      /TL_TARGET_UNREACHABLE: expected a touchline server at ws:.*nothing answers.*npm start starts one/,
    ],
    [['--duration', 'ever'], 2, /TL_USAGE: --duration \(DURATION\): expected a time/],
    [['--duration', '1s', '--', '--no-such-word'], 3, /k6 ended with \d+ and without a verdict: see above/],
  ])('ends with a sentence for %j', async (words, code, sentence) => {
    const { exit, stderr } = await command('k6.js', words);
    expect(stderr).toMatch(sentence);
    expect(exit).toBe(code);
  });
});

it('every query of every panel of the k6 board has data', async () => {
  const board = readBoards().find(({ uid }) => uid === 'touchline-k6');
  if (board === undefined) throw new Error('no k6 board');
  const stretch = { fromSeconds, toSeconds: Date.now() / 1_000 };
  const queries = panelQueries(board, rangeOf(stretch));
  expect(queries.length).toBeGreaterThan(40);
  expect(await emptyQueries(prometheus, queries, stretch)).toEqual([]);
});
