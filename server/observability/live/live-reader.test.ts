import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProfilerMetrics } from '../../../profiling/testing/profiler-metrics.ts';
import { single } from '../metric-samples.ts';
import type { LiveMoment } from './live-contract.ts';
import { LiveReader } from './live-reader.ts';

const OWN = '127.0.0.1:9464';
let folder: string;
const servers: Server[] = [];
let deliveries = 0;
let nowMs = 0;
let reader: LiveReader;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-live-'));
  deliveries = 0;
  nowMs = 0;
  reader = new LiveReader({
    readOwn: async () => ({ touchline_deliveries_total: single(deliveries) }),
    own: () => OWN,
    targetsFolder: folder,
    nowMs: () => nowMs,
    epochMs: () => 7,
  });
});
afterEach(async () => {
  reader.rest();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true, force: true });
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const name = (job: string, ...targets: string[]) =>
  writeFile(join(folder, 'run.json'), JSON.stringify([{ targets, labels: { job } }]));
const problemOf = ({ sources }: LiveMoment) => sources[1]?.problem;

it('reads itself, the server of a run and its profiler', async () => {
  const profiler = await ProfilerMetrics.start();
  let connections = 3;
  const server = await serve((_, response) => response.end(`touchline_connections ${connections}\n`));
  await writeFile(
    join(folder, 'run.json'),
    JSON.stringify([
      { targets: [server], labels: { job: 'touchline-server' } },
      { targets: [profiler.address], labels: { job: 'touchline-profiler' } },
    ]),
  );
  const labels = { run: 'run-1', scenario: 'memory', server, version: '1' };
  profiler.set('touchline_profile_run_info', 1, labels);
  profiler.set('touchline_profile_phase', 1, { phase: 'measure' });
  profiler.set('touchline_profile_connections', 3);
  await reader.read();
  nowMs = 2_000;
  deliveries = 100;
  connections = 4;
  expect(await reader.read()).toEqual({
    atMs: 7,
    own: OWN,
    problems: [],
    sources: [
      { kind: 'server', address: OWN, figures: { deliveriesPerSecond: 50 } },
      { kind: 'server', address: server, figures: { connections: 4 } },
      {
        kind: 'load',
        address: profiler.address,
        figures: expect.objectContaining({ connected: 3 }),
        run: { name: 'run-1', scenario: 'memory', server, phase: 'measure', verdict: null },
      },
    ],
  });
  await profiler.stop();
});

it('begins anew after a rest: what happened meanwhile is no rate', async () => {
  await reader.read();
  reader.rest();
  nowMs = 600_000;
  deliveries = 6;
  expect((await reader.read()).sources[0]?.figures).toEqual({});
});

it('keeps one connection to a target', async () => {
  const ports = new Set<number | undefined>();
  const server = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.end('touchline_connections 1\n');
  });
  await name('touchline-server', server);
  for (let look = 0; look < 4; look += 1) await reader.read();
  expect(ports.size).toBe(1);
});

describe('a target that fails is shown as such', () => {
  it.each<readonly [string, RequestListener, RegExp]>([
    ['answers 500', (_, response) => response.writeHead(500).end(), /expected 200; received 500/],
    [
      'sends the reader elsewhere',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /received 302/,
    ],
    ['never answers', () => {}, /within 1000 ms/],
    ['never ends', (_, response) => void response.write('touchline_connections 1\n'), /within 1000 ms/],
    ['sends too much', (_, response) => response.end('x'.repeat(3_000_000)), /at most 2097152 bytes/],
    ['hangs up', (_, response) => response.destroy(), /socket hang up/],
  ])('it %s', async (_, answer, expected) => {
    await name('touchline-server', await serve(answer));
    const moment = await reader.read();
    expect(problemOf(moment)).toMatch(expected);
    expect(moment.sources[1]?.figures).toEqual({});
  });

  it('it is gone', async () => {
    const address = await serve((_, response) => response.end());
    servers[0]?.close();
    await name('touchline-profiler', address);
    expect(problemOf(await reader.read())).toBe('nobody listens there any more');
  });

  it('it talks nonsense', async () => {
    await name('touchline-server', await serve((_, response) => response.end('<html>\u0000\n{{{ 1')));
    expect((await reader.read()).sources[1]?.figures).toEqual({});
  });
});
