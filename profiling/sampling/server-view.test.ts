import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServerView } from './server-view.ts';

const WORK_MS = 100;

/** `/slow` never gets an answer, `/debug/class-counts` a late one. */
function answer(url: string, authorization: string, response: ServerResponse): void {
  if (url === '/metrics') response.end('touchline_connections 3\n');
  else if (url === '/debug/class-counts') setTimeout(() => response.end('{"counts":{}}'), WORK_MS);
  else if (url === '/debug/gc') {
    response.writeHead(authorization === 'Bearer secret' ? 200 : 401).end('{"collected":true}');
  } else if (url === '/page') response.end('<html>');
  else if (url !== '/slow') response.writeHead(404).end();
}

describe('ServerView', () => {
  let server: Server;
  let origin: string;
  let seen: { method: string; url: string; authorization: string }[];
  let sockets: number;
  let view: ServerView | undefined;

  beforeEach(async () => {
    seen = [];
    sockets = 0;
    server = createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      const { authorization = '' } = headers;
      seen.push({ method, url, authorization });
      answer(url, authorization, response);
    });
    server.on('connection', () => {
      sockets += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    view?.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  interface Looks {
    readonly metricsUrl?: string | null;
    readonly adminToken?: string | null;
    readonly timeoutMs?: number;
    readonly workTimeoutMs?: number;
  }

  const look = (options: Looks) => {
    view = new ServerView({
      metricsUrl: options.metricsUrl === undefined ? `${origin}/metrics` : options.metricsUrl,
      adminUrl: origin,
      adminToken: options.adminToken ?? null,
      timeoutMs: options.timeoutMs ?? 5_000,
      ...(options.workTimeoutMs === undefined ? {} : { workTimeoutMs: options.workTimeoutMs }),
    });
    return view;
  };

  it('scrapes over one kept-alive connection and keeps the token from /metrics', async () => {
    const eyes = look({ adminToken: 'secret' });
    expect((await eyes.scrape())?.value('touchline_connections')).toBe(3);
    expect((await eyes.scrape())?.value('touchline_rooms')).toBeNull();
    expect(sockets).toBe(1);
    expect(seen.map(({ authorization }) => authorization)).toEqual(['', '']);
  });

  it('forces garbage collection with the right token only', async () => {
    expect(await look({ adminToken: 'secret' }).collectGarbage()).toBe(true);
    expect(await look({ adminToken: 'wrong' }).collectGarbage()).toBe(false);
    const before = seen.length;
    expect(await look({ adminToken: null }).collectGarbage()).toBe(false);
    expect(seen).toHaveLength(before);
  });

  it.each(['/missing', '/page'])('is null for an answer that is no metrics page: %s', async (path) => {
    expect(await look({ metricsUrl: `${origin}${path}` }).scrape()).toBeNull();
  });

  it('is null when the answer does not come in time, nothing listens, or there is nothing to ask', async () => {
    expect(await look({ metricsUrl: `${origin}/slow`, timeoutMs: 50 }).scrape()).toBeNull();
    expect(await look({ metricsUrl: 'http://127.0.0.1:1/metrics' }).scrape()).toBeNull();
    expect(await look({ metricsUrl: null }).scrape()).toBeNull();
  });

  it('waits longer for work than for a reading, and not for ever', async () => {
    const count = (options: Looks) =>
      look({ adminToken: 'secret', ...options }).askAdmin('POST', '/debug/class-counts');
    expect(await count({ timeoutMs: WORK_MS / 4 })).toEqual({ counts: {} });
    expect(await count({ workTimeoutMs: WORK_MS / 4 })).toBeNull();
  });
});
