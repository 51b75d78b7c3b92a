import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { type RunningTargetOptions, reachTarget } from './running-target.ts';
import type { Target } from './target.ts';

describe('reachTarget', () => {
  let http: Server;
  let sockets: WebSocketServer;
  let origin: string;
  let opened: number;
  let countsConnections: boolean;
  let targets: Target[];
  let greeting: string | null;

  beforeEach(async () => {
    opened = 0;
    targets = [];
    countsConnections = true;
    http = createServer((request, response) => {
      const { url, headers } = request;
      if (url === '/metrics') {
        response.end(
          `touchline_connections_opened_total ${countsConnections ? opened : 5}\ntouchline_build_info{node="v22.1.0"} 1\n`,
        );
      } else {
        const allowed = url === '/debug/gc' && headers.authorization === 'Bearer secret';
        response.writeHead(allowed ? 200 : 404).end('{}');
      }
    });
    sockets = new WebSocketServer({ server: http, path: '/ws' });
    greeting = '{"type":"welcome"}';
    sockets.on('connection', (socket) => {
      opened += 1;
      if (greeting === null) socket.close(4500);
      else socket.send(greeting);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    for (const target of targets) await target.close();
    for (const client of sockets.clients) client.terminate();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });

  async function reach(change: Partial<RunningTargetOptions> = {}): Promise<Target> {
    const target = await reachTarget({
      url: `${origin.replace('http', 'ws')}/ws`,
      http: origin,
      admin: origin,
      metrics: `${origin}/metrics`,
      guessed: true,
      adminToken: 'secret',
      apiToken: undefined,
      sharesMachine: true,
      ...change,
    });
    targets.push(target);
    return target;
  }

  it('finds out what can be seen', async () => {
    const target = await reach();
    expect(target.description).toMatchObject({
      kind: 'running',
      sees: { metrics: true, forcedGc: true },
      nodeVersion: 'v22.1.0',
    });
    expect(target.blindSpots).toEqual([]);
    expect(target.whyNoProfiles).toBeNull();
    expect(target.profiles).not.toBeNull();
    expect(await target.isAlive()).toBe(true);
  });

  it('says so when garbage collection cannot be forced', async () => {
    const target = await reach({ adminToken: null });
    expect(target.description.sees).toEqual({ metrics: true, forcedGc: false });
    expect(target.blindSpots).toEqual([expect.stringContaining('--admin-token')]);
    expect(target.profiles).toBeNull();
    expect(target.whyNoProfiles).toContain('--admin-token');
  });

  it('does not ask for a token that it was given', async () => {
    const target = await reach({ adminToken: 'wrong' });
    expect(target.blindSpots).toEqual([
      expect.stringMatching(/although there is an admin token: .* does not take it/),
    ]);
  });

  it('does not take the figures of another server that happens to sit on the guessed port', async () => {
    countsConnections = false;
    const target = await reach();
    expect(target.description).toMatchObject({ sees: { metrics: false, forcedGc: false }, metrics: null });
    expect(await target.view.scrape()).toBeNull();
    expect(target.blindSpots).toEqual([expect.stringContaining('--metrics')]);
    expect((await reach({ guessed: false })).description.sees.metrics).toBe(true);
  });

  it('goes on blind without metrics', async () => {
    const target = await reach({ admin: null, metrics: null });
    expect(target.description.sees).toEqual({ metrics: false, forcedGc: false });
  });

  it.each<[string, Partial<RunningTargetOptions>, RegExp]>([
    ['nobody listens', { url: 'ws://127.0.0.1:1/ws' }, /expected a WebSocket server at .*ECONNREFUSED/],
    ['HTTP does not answer', { http: 'http://127.0.0.1:1' }, /expected an HTTP server at .*ECONNREFUSED/],
  ])('is unreachable when %s', async (_, change, expected) => {
    const failure = await reach(change).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'TL_TARGET_UNREACHABLE',
      message: expect.stringMatching(expected),
    });
  });

  it.each([
    ['says something else first', 'hello', /expected "welcome" first, .*; received "hello"$/],
    ['says another message first', '{"type":"pong"}', /received "\{"type":"pong"\}"$/],
    ['closes the connection', null, /received close code 4500$/],
  ])('is unreachable when the server %s', async (_, said, expected) => {
    greeting = said;
    await expect(reach()).rejects.toMatchObject({
      code: 'TL_TARGET_UNREACHABLE',
      message: expect.stringMatching(expected),
    });
  });

  it('is unreachable when the path takes no WebSockets', async () => {
    const url = `${origin.replace('http', 'ws')}/elsewhere`;
    await expect(reach({ url })).rejects.toMatchObject({ code: 'TL_TARGET_UNREACHABLE' });
  });
});
