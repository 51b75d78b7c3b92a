import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TOUCHLINE_ERRORS } from '../protocol/touchline-error.ts';
import { createFakeSources, fakeClosedConnection, fakeConnection } from '../testing/fake-metric-sources.ts';
import { ADMIN_ERROR_STATUS } from './admin-answer.ts';
import { type AdminPort, createAdminPort } from './admin-port.ts';
import { createEventLoopMonitor } from './event-loop.ts';
import { createGcMonitor } from './gc.ts';
import { Instrumentation } from './instrumentation.ts';
import type { ConnectionView, MetricSources } from './metric-sources.ts';
import { createMetrics } from './metrics.ts';

const TOKEN = 'the-admin-token';
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

/** A class of which only one object lives. */
class Answered {}
const answered = new Answered();

let snapshotFolder: string;
let ports: AdminPort[] = [];
let defects: unknown[] = [];
let realGc: typeof globalThis.gc;

beforeEach(async () => {
  snapshotFolder = await mkdtemp(join(tmpdir(), 'touchline-test-'));
  realGc = globalThis.gc;
  defects = [];
});
afterEach(async () => {
  globalThis.gc = realGc;
  await Promise.all(ports.map((port) => port.close()));
  ports = [];
  await rm(snapshotFolder, { recursive: true, force: true });
});

function adminPort(sources: MetricSources, port = 0): AdminPort {
  const loop = createEventLoopMonitor();
  const metrics = createMetrics({
    sources,
    loop,
    gc: createGcMonitor(),
    version: '0',
    instrumentation: { isOn: true },
    now: () => 0,
  });
  const created = createAdminPort({
    host: '127.0.0.1',
    port,
    token: TOKEN,
    allowedHosts: ['metrics.example'],
    sources,
    metrics,
    instrumentation: new Instrumentation([loop]),
    emitters: { process },
    classes: { Answered },
    snapshotFolder,
    liveTargets: join(snapshotFolder, 'targets'),
    onDefect: (error) => defects.push(error),
  });
  ports.push(created);
  return created;
}

async function start(sources: Partial<MetricSources> = {}) {
  const { port } = await adminPort(createFakeSources(sources)).listen();
  return (method: string, path: string, headers: Record<string, string> = {}) =>
    ask({ port, method, path, headers });
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** `fetch` would not let a test set the Host header. */
function ask(options: {
  port: number;
  method: string;
  path: string;
  headers: Record<string, string>;
}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

const DEBUG_ROUTES = [
  ['POST', '/debug/gc'],
  ['POST', '/debug/instrumentation'],
  ['POST', '/debug/heap-snapshot'],
  ['POST', '/debug/class-counts'],
  ['POST', '/debug/cpu-profile'],
  ['POST', '/debug/heap-profile'],
  ['GET', '/debug/connections'],
  ['GET', '/debug/lifecycle'],
] as const;

describe('who may ask what', () => {
  it('gives metrics to everyone, in the format that is asked for', async () => {
    const askPort = await start();
    const classic = await askPort('GET', '/metrics');
    expect(classic.status).toBe(200);
    expect(classic.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(classic.text).toContain('touchline_connections 0\n');
    const open = await askPort('GET', '/metrics', { accept: 'application/openmetrics-text' });
    expect(open.headers['content-type']).toContain('application/openmetrics-text');
    expect(open.text.endsWith('# EOF\n')).toBe(true);
    expect(open.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each(DEBUG_ROUTES)('refuses %s %s without the token, or with a wrong one', async (method, path) => {
    const askPort = await start();
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: `Basic ${TOKEN}` }]) {
      const answer = await askPort(method, path, headers);
      expect(answer.status).toBe(401);
      expect(JSON.parse(answer.text)).toMatchObject({ code: 'TL_UNAUTHORIZED' });
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  it.each(['/metrics', '/debug/lifecycle'])('refuses a foreign Host on %s', async (path) => {
    const askPort = await start();
    const answer = await askPort('GET', path, { ...AUTHORIZED, host: 'evil.example' });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toEqual({
      code: 'TL_HOST_FORBIDDEN',
      message: 'expected an IP address, localhost or an allowed name as Host; received "evil.example"',
    });
    expect((await askPort('GET', path, { ...AUTHORIZED, host: 'metrics.example' })).status).toBe(200);
  });

  it('answers 404 on an unknown path and 405 on a wrong method', async () => {
    const askPort = await start();
    for (const path of ['/', '/metrics/', '/debug', '/debug/gc2', '/__proto__', '//metrics']) {
      const answer = await askPort('GET', path, AUTHORIZED);
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.text)).toMatchObject({ code: 'TL_NOT_FOUND' });
    }
    const answer = await askPort('GET', '/debug/gc', AUTHORIZED);
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('POST');
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'TL_METHOD_NOT_ALLOWED' });
  });

  it('documents every code that it answers with', () => {
    for (const code of ADMIN_ERROR_STATUS.keys()) expect(TOUCHLINE_ERRORS).toHaveProperty(code);
  });
});

describe('POST /debug/gc', () => {
  it('collects and tells memory before and after', async () => {
    let collections = 0;
    globalThis.gc = async () => {
      collections += 1;
    };
    const answer = await (await start())('POST', '/debug/gc', AUTHORIZED);
    expect(answer.status).toBe(200);
    const body = JSON.parse(answer.text);
    expect(collections).toBeGreaterThan(0);
    expect(body.collected).toBe(true);
    expect(body.durationMs).toBeGreaterThanOrEqual(0);
    for (const memory of [body.before, body.after]) {
      expect(Object.keys(memory)).toEqual([
        'rssBytes',
        'heapTotalBytes',
        'heapUsedBytes',
        'externalBytes',
        'arrayBuffersBytes',
      ]);
      expect(memory.rssBytes).toBeGreaterThan(1_000_000);
    }
  });

  it('answers 501 naming --expose-gc where it cannot', async () => {
    globalThis.gc = undefined;
    const answer = await (await start())('POST', '/debug/gc', AUTHORIZED);
    expect(answer.status).toBe(501);
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'TL_GC_UNAVAILABLE',
      message: expect.stringContaining('--expose-gc'),
    });
  });
});

describe.each(['/debug/cpu-profile', '/debug/heap-profile'])('POST %s', (path) => {
  it('answers the profile around what ran between start and stop, one at a time', async () => {
    const askPort = await start();
    const ask = async (query: string) => {
      const { status, text } = await askPort('POST', `${path}?${query}`, AUTHORIZED);
      return { status, body: JSON.parse(text) };
    };
    expect(await ask('do=start')).toMatchObject({ status: 200, body: { running: true } });
    expect(await ask('do=start')).toMatchObject({ status: 409, body: { code: 'TL_PROFILE_RUNNING' } });
    expect(await ask('seconds=1')).toMatchObject({ status: 409, body: { code: 'TL_PROFILE_RUNNING' } });
    const stopped = await ask('do=stop');
    expect(stopped.status).toBe(200);
    expect(Object.keys(stopped.body)).toContain(path === '/debug/cpu-profile' ? 'timeDeltas' : 'head');
    expect(await ask('do=stop')).toMatchObject({ status: 409, body: { code: 'TL_PROFILE_NOT_RUNNING' } });
    expect(await ask('seconds=0.01')).toMatchObject({ status: 200 });
    expect(await ask('seconds=ten')).toMatchObject({
      status: 400,
      body: { code: 'TL_BODY_INVALID', message: expect.stringContaining('received "seconds=ten"') },
    });
    expect(defects).toEqual([]);
  });
});

describe('POST /debug/heap-snapshot', () => {
  it('writes one at a time, as JSON that only this user can read', async () => {
    const askPort = await start();
    const answers = await Promise.all([
      askPort('POST', '/debug/heap-snapshot', AUTHORIZED),
      askPort('POST', '/debug/heap-snapshot', AUTHORIZED),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(JSON.parse(refused?.text ?? '')).toMatchObject({ code: 'TL_SNAPSHOT_RUNNING' });

    const { path, bytes, durationMs } = JSON.parse(
      answers.find(({ status }) => status === 200)?.text ?? '',
    ) as { path: string; bytes: number; durationMs: number };
    expect(dirname(dirname(path))).toBe(snapshotFolder);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    expect((await stat(path)).size).toBe(bytes);
    expect(durationMs).toBeGreaterThan(0);
    expect(JSON.parse(await readFile(path, 'utf8'))).toHaveProperty('snapshot.meta.node_fields');
    // The next one is free to go.
    expect((await askPort('POST', '/debug/heap-snapshot', AUTHORIZED)).status).toBe(200);
  }, 60_000);
});

describe('GET /debug/connections', () => {
  it('lists live connections up to the limit, with figures behind getters, and the closed ones', async () => {
    // JSON leaves out what is inherited, as the getters of a live view are.
    const live: ConnectionView = Object.create(fakeConnection({ id: 'live', bufferedBytes: 17 }));
    const askPort = await start({
      connections: () => [live, fakeConnection({ id: 'second' })],
      connectionCount: () => 2,
      closedConnections: () => [fakeClosedConnection({ id: 'gone', code: 4002 })],
    });
    const body = JSON.parse((await askPort('GET', '/debug/connections?limit=1', AUTHORIZED)).text);
    expect(body).toMatchObject({ total: 2, closed: [{ id: 'gone', code: 4002 }] });
    expect(body.live).toEqual([fakeConnection({ id: 'live', bufferedBytes: 17 })]);
    const all = JSON.parse((await askPort('GET', '/debug/connections', AUTHORIZED)).text);
    expect(all.live).toHaveLength(2);
  });

  it.each(['0', '-1', 'x', '1.5', '100001', ''])('answers 400 to limit=%s', async (limit) => {
    const answer = await (await start())('GET', `/debug/connections?limit=${limit}`, AUTHORIZED);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'TL_BODY_INVALID' });
  });
});

describe('GET /debug/lifecycle', () => {
  it('tells structures, listeners, timers and handles', async () => {
    const askPort = await start({
      lifecycle: () => ({ 'hub.connections': 3, 'hub.closedRing': 1 }),
      lifecycleBounds: () => ({ 'hub.closedRing': 256 }),
    });
    const body = JSON.parse((await askPort('GET', '/debug/lifecycle', AUTHORIZED)).text);
    expect(body.structures).toEqual({ 'hub.connections': 3, 'hub.closedRing': 1 });
    expect(body.bounds).toEqual({ 'hub.closedRing': 256 });
    expect(Object.keys(body).sort()).toEqual([
      'activeResources',
      'bounds',
      'listeners',
      'openFds',
      'structures',
      'timers',
    ]);
    expect(body.listeners).toMatchObject({ 'adminServer:request': 1 });
    expect(body.listeners['process:exit']).toBe(process.listenerCount('exit') || undefined);
    // The port itself listens.
    expect(body.activeResources.TCPServerWrap ?? body.activeResources.TCPSERVERWRAP).toBeGreaterThan(0);
  });
});

describe('POST /debug/instrumentation', () => {
  it('switches it on and off, and says how it is now', async () => {
    const ask = await start();
    for (const on of [true, true, false]) {
      const answer = await ask('POST', `/debug/instrumentation?on=${on}`, AUTHORIZED);
      expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { on }]);
    }
  });

  it.each(['', '?on=', '?on=1', '?off=true'])('refuses "%s"', async (query) => {
    const answer = await (await start())('POST', `/debug/instrumentation${query}`, AUTHORIZED);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'TL_BODY_INVALID',
      message: expect.stringContaining('expected on to be true or false'),
    });
  });
});

describe('POST /debug/class-counts', () => {
  it('counts live objects by class', async () => {
    const answer = await (await start())('POST', '/debug/class-counts', AUTHORIZED);
    expect(answer.status).toBe(200);
    const body = JSON.parse(answer.text);
    expect(body).toEqual({ counts: { Answered: 1 }, durationMs: expect.any(Number) });
    expect(answered).toBeInstanceOf(Answered);
  });

  it('answers 501 where Node cannot count', async () => {
    Reflect.set(process.features, 'inspector', false);
    try {
      const answer = await (await start())('POST', '/debug/class-counts', AUTHORIZED);
      expect(answer.status).toBe(501);
      expect(JSON.parse(answer.text)).toMatchObject({ code: 'TL_CLASS_COUNTS_UNAVAILABLE' });
    } finally {
      Reflect.set(process.features, 'inspector', true);
    }
  });
});

describe('the port itself', () => {
  it('answers 500 without details to a defect, and tells it', async () => {
    const askPort = await start({
      rooms: () => {
        throw new Error('a secret detail');
      },
    });
    const answer = await askPort('GET', '/metrics');
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'TL_INTERNAL' });
    expect(answer.text).not.toContain('secret');
    expect(defects).toHaveLength(1);
  });

  it('rejects with TL_PORT_UNAVAILABLE where the port is taken', async () => {
    const { port } = await adminPort(createFakeSources()).listen();
    await expect(adminPort(createFakeSources(), port).listen()).rejects.toMatchObject({
      code: 'TL_PORT_UNAVAILABLE',
      message: expect.stringMatching(/ADMIN_PORT.*EADDRINUSE/),
    });
  });

  it('closes although a scraper keeps its connection', async () => {
    const port = adminPort(createFakeSources());
    const { port: number } = await port.listen();
    await fetch(`http://127.0.0.1:${number}/metrics`).then((response) => response.text());
    await port.close();
    await expect(fetch(`http://127.0.0.1:${number}/metrics`)).rejects.toThrow();
  });
});
