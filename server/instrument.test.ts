import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { Counter, collectDefaultMetrics, type OpenMetricsContentType, Registry } from 'prom-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';
import { instrument } from './instrument.ts';
import { INSTRUMENTED_METRICS } from './observability/instrument/instrumented-metrics.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A `ws` server on a free port that echoes. */
async function start(options: Partial<ServerOptions> = {}) {
  const http = createServer();
  const wss = new WebSocketServer({ server: http, ...options });
  wss.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  const port = await listen(http);
  cleanups.push(() => {
    http.closeAllConnections();
    http.close();
  });
  return { wss, http, port };
}

async function listen(http: Server): Promise<number> {
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const address = http.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function open(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  cleanups.push(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

const until = (holds: () => boolean | Promise<boolean>) =>
  vi.waitUntil(holds, { interval: 5, timeout: 10_000 });

async function echo(socket: WebSocket, text: string): Promise<void> {
  const answered = once(socket, 'message');
  socket.send(text);
  await answered;
}

/** Reads one series, NaN where it is missing. */
async function read(register: Registry, series: string): Promise<number> {
  const text = await register.metrics();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`touchline_${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(line.indexOf(' ') + 1));
}

describe('instrument and the register', () => {
  it('adds every metric of its list, each with its samples', async () => {
    const { wss } = await start();
    const register = new Registry();
    const { metricNames, skippedNames, stop } = instrument(wss, { register });
    cleanups.push(stop);
    expect(metricNames).toEqual(INSTRUMENTED_METRICS);
    expect(skippedNames).toEqual([]);
    const text = await register.metrics();
    for (const name of metricNames) {
      expect(text).toMatch(new RegExp(`^# HELP ${name} .+\\n# TYPE ${name} \\w+\\n${name}\\S* `, 'm'));
    }
  });

  it('leaves alone what is there under the same name', async () => {
    const { wss } = await start();
    const register = new Registry();
    collectDefaultMetrics({ register });
    const theirs = register.getSingleMetric('process_cpu_user_seconds_total');
    const { metricNames, skippedNames, stop } = instrument(wss, { register });
    expect(skippedNames).toContain('process_cpu_user_seconds_total');
    expect(skippedNames.filter((name) => name.startsWith('touchline_'))).toEqual([]);
    expect([...metricNames, ...skippedNames].sort()).toEqual([...INSTRUMENTED_METRICS].sort());
    stop();
    expect(register.getSingleMetric('process_cpu_user_seconds_total')).toBe(theirs);
    expect(register.getMetricsAsArray().filter(({ name }) => name.startsWith('touchline_'))).toEqual([]);
  });

  it('writes OpenMetrics where the register does, scrape after scrape', async () => {
    const { wss, port } = await start();
    const register = new Registry<OpenMetricsContentType>();
    register.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const { stop } = instrument(wss, { register });
    await open(port);
    for (let scrapes = 0; scrapes < 2; scrapes += 1) {
      const text = await register.metrics();
      expect(text).toContain(
        '# TYPE touchline_connections_opened counter\ntouchline_connections_opened_total 1\n',
      );
      expect(text).not.toContain('_total_total');
    }
    stop();
    expect(await register.metrics()).not.toContain('touchline_');
  });

  it('can be summed over the workers of a cluster, and reset without harm', async () => {
    const { wss, port } = await start();
    const register = new Registry();
    cleanups.push(instrument(wss, { register }).stop);
    await open(port);
    const asJson: unknown = JSON.parse(JSON.stringify(await register.getMetricsAsJSON()));
    expect(asJson).toContainEqual(
      expect.objectContaining({ name: 'touchline_send_queue_bytes_max', aggregator: 'max' }),
    );
    expect(asJson).toContainEqual(
      expect.objectContaining({ name: 'touchline_connections', aggregator: 'sum' }),
    );
    register.resetMetrics();
    expect(await read(register, 'connections_opened_total')).toBe(1);
  });

  it('sums servers that share a register, until the last one stops', async () => {
    const register = new Registry();
    const [one, other] = [await start(), await start()];
    const handles = [one, other].map(({ wss }) => instrument(wss, { register }));
    await open(one.port);
    await open(other.port);
    expect(await read(register, 'connections')).toBe(2);
    handles[0]?.stop();
    handles[0]?.stop();
    expect(await read(register, 'connections')).toBe(1);
    expect(await read(register, 'connections_opened_total')).toBe(2);
    handles[1]?.stop();
    expect(await read(register, 'connections')).toBeNaN();
    // A new start counts from zero, and may be given to the same server.
    cleanups.push(instrument(one.wss, { register }).stop);
    expect(await read(register, 'connections')).toBe(1);
  });

  it('gives no samples, and no error, when something in it breaks', async () => {
    const { wss, port } = await start();
    const register = new Registry();
    cleanups.push(instrument(wss, { register }).stop);
    const theirs = new Counter({ name: 'theirs_total', help: 'Theirs.', registers: [register] });
    theirs.inc(3);
    await open(port);
    const [socket] = wss.clients;
    Object.defineProperty(socket, 'bufferedAmount', {
      get: () => {
        throw new Error('broken');
      },
    });
    expect(await register.metrics()).toContain('theirs_total 3\n');
    expect(await read(register, 'connections')).toBeNaN();
  });
});

describe('instrument and the server', () => {
  it('sees connections that were there before', async () => {
    const { wss, port } = await start();
    const early = await open(port);
    const register = new Registry();
    cleanups.push(instrument(wss, { register }).stop);
    await echo(early, 'hello');
    expect(await read(register, 'connections')).toBe(1);
    expect(await read(register, 'deliveries_total')).toBe(1);
    expect(await read(register, 'wire_sent_bytes_total')).toBeGreaterThan(100);
  });

  it('sees a server without a port, and one that does not track its clients', async () => {
    const wss = new WebSocketServer({ noServer: true, clientTracking: false });
    const register = new Registry();
    cleanups.push(instrument(wss, { register }).stop);
    const http = createServer();
    // As applications do that never emit "connection".
    http.on('upgrade', (request, socket, head) =>
      wss.handleUpgrade(request, socket, head, (webSocket) => webSocket.send('welcome')),
    );
    const port = await listen(http);
    cleanups.push(() => http.close());
    const client = new WebSocket(`ws://127.0.0.1:${port}`);
    cleanups.push(() => client.terminate());
    const [message] = await once(client, 'message');
    expect(String(message)).toBe('welcome');
    expect(await read(register, 'connections')).toBe(1);
    expect(await read(register, 'deliveries_total')).toBe(1);
    client.close(1000);
    await until(async () => (await read(register, 'connections')) === 0);
    expect(await read(register, 'connections_closed_total{code="1000"}')).toBe(1);
  });

  it('counts payload, not what compression makes of it', async () => {
    const { wss, port } = await start({ perMessageDeflate: { threshold: 0 } });
    const register = new Registry();
    cleanups.push(instrument(wss, { register }).stop);
    const client = await open(port);
    expect(client.extensions).toContain('permessage-deflate');
    await echo(client, 'a'.repeat(100_000));
    expect(await read(register, 'received_payload_bytes_total')).toBe(100_000);
    expect(await read(register, 'sent_payload_bytes_total')).toBe(100_000);
    expect(await read(register, 'wire_sent_bytes_total')).toBeLessThan(5_000);
    expect(await read(register, 'send_queue_bytes')).toBe(0);
  });

  it('counts a message in fragments once, and each of its frames', async () => {
    const { wss, port } = await start();
    const register = new Registry();
    cleanups.push(instrument(wss, { register }).stop);
    const client = await open(port);
    const [socket] = wss.clients;
    const received = once(client, 'message');
    for (const [text, fin] of [
      ['one ', false],
      ['two ', false],
      ['three', true],
    ] as const) {
      socket?.send(text, { fin });
    }
    expect(String((await received)[0])).toBe('one two three');
    expect(await read(register, 'deliveries_total')).toBe(1);
    expect(await read(register, 'frames_written_total')).toBe(3);
    expect(await read(register, 'sent_payload_bytes_total')).toBe(13);
  });

  it('loses nobody whose listeners were all removed', async () => {
    const { wss, port } = await start();
    const register = new Registry();
    cleanups.push(instrument(wss, { register }).stop);
    await open(port);
    for (const socket of wss.clients) {
      socket.removeAllListeners();
      socket.terminate();
    }
    await until(async () => (await read(register, 'connections')) === 0);
    expect(await read(register, 'connections_closed_total{code="other"}')).toBe(1);
  });

  it('does not count what is sent to a connection that is closing', async () => {
    const { wss, port } = await start();
    const register = new Registry();
    cleanups.push(instrument(wss, { register }).stop);
    const client = await open(port);
    const [socket] = wss.clients;
    client.pause();
    socket?.close(1000);
    await new Promise((done) => socket?.send('too late', done));
    expect(await read(register, 'deliveries_total')).toBe(0);
  });

  it('tells an upgrade that was refused from one that the client gave up', async () => {
    const verdicts: ((isAllowed: boolean) => void)[] = [];
    const { wss, port } = await start({ verifyClient: (_info, decide) => verdicts.push(decide) });
    const register = new Registry();
    cleanups.push(instrument(wss, { register }).stop);
    const gone = new WebSocket(`ws://127.0.0.1:${port}`);
    gone.on('error', () => undefined);
    await until(() => verdicts.length === 1);
    gone.terminate();
    const refused = new WebSocket(`ws://127.0.0.1:${port}`);
    const failed = once(refused, 'error');
    await until(() => verdicts.length === 2);
    verdicts[1]?.(false);
    await failed;
    await until(async () => (await read(register, 'upgrades_refused_total{reason="handshake"}')) === 1);
    const allowed = new WebSocket(`ws://127.0.0.1:${port}`);
    cleanups.push(() => allowed.terminate());
    await until(() => verdicts.length === 3);
    verdicts[2]?.(true);
    await once(allowed, 'open');
    expect(await read(register, 'upgrades_refused_total{reason="handshake"}')).toBe(1);
  });

  it('gives the server back as it was, and open connections too', async () => {
    const { wss, port } = await start();
    const { handleUpgrade } = wss;
    const register = new Registry();
    const { stop } = instrument(wss, { register });
    const client = await open(port);
    const [socket] = wss.clients;
    const listeners = socket?.listenerCount('message');
    stop();
    expect(wss.handleUpgrade).toBe(handleUpgrade);
    expect(socket?.send).toBe(WebSocket.prototype.send);
    expect(socket?.ping).toBe(WebSocket.prototype.ping);
    expect(socket?.listenerCount('message')).toBe((listeners ?? 0) - 1);
    await echo(client, 'goes on');
  });

  it('lets a wrapper around its functions live on, however often it comes and goes', async () => {
    const { wss, port } = await start();
    const register = new Registry();
    const first = instrument(wss, { register });
    const client = await open(port);
    const [socket] = wss.clients as Set<WebSocket>;
    if (socket === undefined) throw new Error('expected a connection');
    const inner = socket.send;
    let wrapped = 0;
    socket.send = function (this: WebSocket, ...values: unknown[]) {
      wrapped += 1;
      return Reflect.apply(inner, this, values);
    };
    first.stop();
    await echo(client, 'unseen');
    const second = instrument(wss, { register });
    await echo(client, 'seen');
    expect(await read(register, 'deliveries_total')).toBe(1);
    expect(wrapped).toBe(2);
    second.stop();
  });

  it('passes on what the server throws', async () => {
    const { wss, http } = await start();
    const register = new Registry();
    cleanups.push(instrument(wss, { register }).stop);
    const port = (http.address() as { port: number }).port;
    const peer = connect(port, '127.0.0.1');
    cleanups.push(() => peer.destroy());
    await once(peer, 'connect');
    expect(() => wss.handleUpgrade(null as never, peer as never, Buffer.alloc(0), () => undefined)).toThrow(
      TypeError,
    );
  });
});

describe('what instrument does not take', () => {
  it('says so of a server that is none, a register that is none, and codes that are none', async () => {
    const { wss } = await start();
    const register = new Registry();
    for (const [server, options] of [
      [{}, { register }],
      [null, { register }],
      [wss, undefined],
      [wss, { register: {} }],
      [wss, { register, closeCodes: 4001 }],
      [wss, { register, closeCodes: [999] }],
      [wss, { register, closeCodes: ['4001'] }],
    ] as const) {
      expect(() => instrument(server as never, options as never)).toThrow(
        expect.objectContaining({ code: 'TL_INSTRUMENT_INVALID' }),
      );
    }
    expect(register.getMetricsAsArray()).toEqual([]);
  });

  it('takes a server once', async () => {
    const { wss } = await start();
    const register = new Registry();
    cleanups.push(instrument(wss, { register }).stop);
    for (const again of [register, new Registry()]) {
      expect(() => instrument(wss, { register: again })).toThrow(
        expect.objectContaining({ code: 'TL_ALREADY_INSTRUMENTED' }),
      );
    }
  });
});
