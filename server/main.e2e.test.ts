/** The compiled server as a process: start, signals, exit codes. */

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { CLOSE } from './protocol/close-codes.ts';
import type { ServerListening } from './protocol/process-messages.ts';
import { contract, isWithoutBuild } from './testing/contract.ts';
import { RawPeer } from './testing/raw-peer.ts';
import { openStoppedReader } from './testing/stopped-reader.ts';
import { TestClient } from './testing/test-client.ts';

const MAIN = fileURLToPath(new URL('../dist/server/main.js', import.meta.url));
/** A Node on which the engine is not installed. */
const WITHOUT_UWS = fileURLToPath(new URL('./testing/without-uws.cjs', import.meta.url));
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

interface Started {
  readonly child: ChildProcess;
  readonly urls: ServerListening;
  readonly exit: Promise<number | null>;
  output(): string;
}

function watch(child: ChildProcess) {
  running.add(child);
  let output = '';
  const ended: Promise<unknown>[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
    ended.push(once(stream, 'close'));
  }
  // Not 'close': Node does not emit it after a disconnect that the parent began.
  const exit = once(child, 'exit').then(async ([code]) => {
    await Promise.all(ended);
    running.delete(child);
    return code as number | null;
  });
  return { exit, output: () => output };
}

const environment = (env: Record<string, string>) => ({
  PATH: process.env['PATH'],
  PORT: '0',
  ADMIN_PORT: '0',
  ADMIN_TOKEN: 'e2e-admin-token',
  ...env,
});

async function start(env: Record<string, string> = {}): Promise<Started> {
  const child = fork(MAIN, [], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  const watched = watch(child);
  const [urls] = await once(child, 'message');
  return { child, urls: urls as ServerListening, ...watched };
}

/** Starts a server that is expected to give up at once. */
async function startInVain(
  env: Record<string, string>,
  nodeArgs: readonly string[] = [],
  args: readonly string[] = [],
) {
  const child = spawn(process.execPath, [...nodeArgs, MAIN, ...args], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { exit, output } = watch(child);
  return { code: await exit, lines: output().trim().split('\n') };
}

async function connectMany(url: string, count: number): Promise<TestClient[]> {
  const clients: TestClient[] = [];
  while (clients.length < count) {
    const batch = Array.from({ length: Math.min(100, count - clients.length) }, () =>
      TestClient.connect(url),
    );
    clients.push(...(await Promise.all(batch)));
  }
  return clients;
}

async function shows({ adminUrl }: ServerListening, line: RegExp): Promise<boolean> {
  return line.test(await (await fetch(`${adminUrl}/metrics`)).text());
}

/** Whether bytes wait for somebody. */
function isWaiting(urls: ServerListening): Promise<boolean> {
  return shows(urls, /^touchline_send_queue_bytes [1-9]/m);
}

contract('SIGTERM', (engine) => {
  it('closes 1,000 clients with the shutdown code and exits 0', async () => {
    const { child, urls, exit, output } = await start({ ENGINE: engine });
    const clients = await connectMany(urls.wsUrl, 1_000);
    child.kill('SIGTERM');
    const closes = await Promise.all(clients.map((client) => client.closed));
    expect(new Set(closes.map(({ code }) => code))).toEqual(new Set([CLOSE.shutdown.code]));
    expect(await exit).toBe(0);
    expect(output()).toContain('"closed":1000,"cut":0');
  });

  it('fails readiness, refuses upgrades and shows the drain while it lasts', async () => {
    const { child, urls, exit } = await start({ ENGINE: engine, DRAIN_TIMEOUT_SECS: '30' });
    const stopped = await openStoppedReader(urls, () => isWaiting(urls));
    child.kill('SIGTERM');
    while (!(await shows(urls, /^touchline_draining 1$/m)))
      await new Promise((resolve) => setImmediate(resolve));
    const ready = await fetch(`${urls.httpUrl}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ reasons: expect.arrayContaining(['draining']) });
    expect((await fetch(`${urls.httpUrl}/livez`)).status).toBe(200);
    await expect(RawPeer.upgrade(urls.wsUrl).then((peer) => peer.readAll())).resolves.toContain(
      'TL_DRAINING',
    );
    expect(await shows(urls, /^touchline_drain_remaining 1$/m)).toBe(true);
    child.kill('SIGTERM');
    expect(await exit).toBe(1);
    stopped.destroy();
  });

  it('cuts a client that takes nothing at the deadline, and exits 1', async () => {
    const { child, urls, exit, output } = await start({ ENGINE: engine, DRAIN_TIMEOUT_SECS: '0.3' });
    const stopped = await openStoppedReader(urls, () => isWaiting(urls));
    child.kill('SIGTERM');
    expect(await exit).toBe(1);
    expect(output()).toContain('"closed":0,"cut":1');
    stopped.destroy();
  });

  it('waits for the answers of its clients until the deadline, unless uWS is done with them', async () => {
    const { child, urls, exit, output } = await start({ ENGINE: engine, DRAIN_TIMEOUT_SECS: '0.3' });
    const silent = await RawPeer.upgrade(urls.wsUrl);
    const polite = await TestClient.connect(urls.wsUrl);
    child.kill('SIGTERM');
    expect((await polite.closed).code).toBe(CLOSE.shutdown.code);
    expect(await silent.readCloseCode()).toBe(CLOSE.shutdown.code);
    await silent.closed;
    const isUws = engine === 'uws';
    expect(await exit).toBe(isUws ? 0 : 1);
    expect(output()).toContain(isUws ? '"closed":2,"cut":0' : '"closed":1,"cut":1');
  });

  it('ends quickly when there is nobody, and when only HTTP is kept alive', async () => {
    const { child, urls, exit } = await start({ ENGINE: engine });
    await (await fetch(`${urls.httpUrl}/livez`)).text();
    const startedAt = performance.now();
    child.kill('SIGINT');
    expect(await exit).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});

describe('a parent that goes away', () => {
  it('takes the server with it, drained', async () => {
    const { child, urls, exit } = await start();
    const client = await TestClient.connect(urls.wsUrl);
    child.disconnect();
    expect((await client.closed).code).toBe(CLOSE.shutdown.code);
    expect(await exit).toBe(0);
  });
});

describe('a start that cannot be', () => {
  it('lists every configuration problem, one a line, and exits 2', async () => {
    const { code, lines } = await startInVain({ PORT: 'x', HEARTBEAT_SECS: '0', TLS_KEY: '/nowhere' });
    expect(code).toBe(2);
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'TL_CONFIG_INVALID PORT',
      'TL_CONFIG_INVALID HEARTBEAT_SECS',
      'TL_CONFIG_INVALID TLS_CERT',
      'TL_CONFIG_INVALID TLS_KEY',
    ]);
  });

  it('says that settings are no arguments, and exits 2', async () => {
    const { code, lines } = await startInVain({}, [], ['--port', '8080']);
    expect({ code, lines }).toEqual({
      code: 2,
      lines: [expect.stringMatching(/^TL_CONFIG_INVALID: .* PORT=8080 npm start; received --port$/)],
    });
  });

  it('refuses faults in production with exit 2', async () => {
    const { code, lines } = await startInVain({ TOUCHLINE_FAULTS: 'stall', NODE_ENV: 'production' });
    expect({ code, lines }).toEqual({ code: 2, lines: [expect.stringMatching(/^TL_FAULT_IN_PRODUCTION/)] });
  });

  it('says how to install an engine that is absent, and exits 3', async () => {
    const { code, lines } = await startInVain({ ENGINE: 'uws' }, ['--require', WITHOUT_UWS]);
    expect(code).toBe(3);
    expect(lines).toEqual([
      expect.stringMatching(/^TL_ENGINE_UNAVAILABLE ENGINE=uws: expected uWebSockets\.js.* npm install /),
    ]);
  });

  it.each(
    [
      ['ws', 'PORT'],
      ['ws', 'ADMIN_PORT'],
      ['uws', 'PORT'],
      ['uws', 'ADMIN_PORT'],
    ].filter(([engine]) => engine === 'ws' || !isWithoutBuild()),
  )('%s: names the %s that is taken, leaves nothing open and exits 3', async (engine, name) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, lines } = await startInVain({ ENGINE: engine, [name]: String(port) });
    taken.close();
    expect(code).toBe(3);
    expect(lines.join('\n')).toMatch(
      new RegExp(`TL_PORT_UNAVAILABLE expected to bind .*${port}.*EADDRINUSE`),
    );
  });
});

describe('faults', () => {
  it('are announced at start and counted on /metrics', async () => {
    const { child, urls, exit, output } = await start({ TOUCHLINE_FAULTS: 'refuse-connections=50%' });
    const answers = [];
    for (let n = 0; n < 10; n += 1) {
      const client = new TestClient(urls.wsUrl);
      answers.push(
        await Promise.race([client.next().then(() => 'welcome'), client.closed.then(() => 'refused')]),
      );
    }
    expect(answers.filter((answer) => answer === 'refused')).toHaveLength(5);
    const metrics = await (await fetch(`${urls.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/^touchline_fault_injections_total\{fault="refuse-connections"\} 5$/m);
    expect(metrics).toMatch(/^touchline_upgrades_refused_total\{reason="fault"\} 5$/m);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(output()).toContain('FAULTS ARE ON: refuse-connections=50%');
  });
});
