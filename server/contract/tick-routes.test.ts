import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TICK_SYMBOLS } from '../features/ticks/tick-symbols.ts';
import { contract } from '../testing/contract.ts';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';
import { TestClient } from '../testing/test-client.ts';

contract('HTTP of the tick feed', (engine) => {
  let server: TestServer;
  /** Bound to every address, so that changes need a token and pages an allowed origin. */
  let open: TestServer;
  const START = {
    rate: 1_000,
    rampEnabled: false,
    rampPercent: 10,
    rampIntervalSec: 5,
    format: 'json',
    source: 'unique',
    fanOut: 'coalesced',
  };

  beforeAll(async () => {
    server = await startTestServer({ ENGINE: engine, MAX_TICK_RATE: 50_000 });
    open = await startTestServer({
      ENGINE: engine,
      HOST: '0.0.0.0',
      API_TOKEN: 'change-token',
      ALLOWED_ORIGINS: ['https://desk.example'],
    });
  });
  afterEach(() => post('/config', START));
  afterAll(async () => {
    await Promise.all([server.stop(), open.stop()]);
    expect([...server.defects, ...open.defects]).toEqual([]);
  });

  interface Answer {
    readonly status: number;
    readonly headers: Headers;
    readonly body: unknown;
  }

  async function ask(method: string, path: string, init: RequestInit = {}, at = server): Promise<Answer> {
    const answer = await fetch(`${at.httpUrl}${path}`, { method, ...init });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) };
  }

  const JSON_TYPE = { 'Content-Type': 'application/json' };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}, at = server) =>
    ask('POST', path, { headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) }, at);

  describe('/config', () => {
    it('takes any part and answers the whole', async () => {
      expect(await ask('GET', '/config')).toMatchObject({ status: 200, body: START });
      const part = { rate: 20_000, format: 'binary', unknown: 1 };
      const { status, body } = await post('/config', part);
      expect([status, body]).toEqual([200, { ...START, rate: 20_000, format: 'binary' }]);
      expect((await post('/config', {})).body).toEqual(body);
      expect((await ask('GET', '/config')).body).toEqual(body);
    });

    it.each([
      [{ rate: 0 }, 'rate: expected an integer from 1 to 50000; received 0'],
      [{ rate: 50_001 }, 'rate: expected an integer from 1 to 50000; received 50001'],
      [{ rate: 1.5 }, 'rate: expected an integer from 1 to 50000; received 1.5'],
      [{ rate: '1000' }, 'rate: expected an integer from 1 to 50000; received "1000"'],
      [{ rampEnabled: 1 }, 'rampEnabled: expected true or false; received 1'],
      [{ rampPercent: 0 }, 'rampPercent: expected a number from 0.1 to 1000; received 0'],
      [{ rampIntervalSec: 3_601 }, 'rampIntervalSec: expected a number from 1 to 3600; received 3601'],
      [{ format: 'xml' }, 'format: expected one of json, binary; received "xml"'],
      [{ source: null }, 'source: expected one of unique, cached-1ms; received null'],
      [{ fanOut: 'fast' }, 'fanOut: expected one of naive, framed, corked, coalesced; received "fast"'],
      [
        [],
        'body: expected a JSON object with any of rate, rampEnabled, rampPercent, rampIntervalSec, format, source, fanOut; received an array',
      ],
    ])('refuses %j, naming field and range, and changes nothing', async (part, message) => {
      const answer = await post('/config', Array.isArray(part) ? part : { source: 'cached-1ms', ...part });
      expect(answer).toMatchObject({ status: 400, body: { code: 'TL_BODY_INVALID', message } });
      expect((await ask('GET', '/config')).body).toEqual(START);
    });

    it('names every field that is wrong', async () => {
      const { body } = await post('/config', { rate: -1, format: 1 });
      expect(body).toMatchObject({ message: expect.stringMatching(/^rate: .*; format: .*received 1$/) });
    });

    it('takes JSON by its content type alone', async () => {
      for (const headers of [{ 'Content-Type': 'text/plain' }, {}]) {
        const answer = await ask('POST', '/config', { headers, body: '{"rate":1}' });
        expect(answer).toMatchObject({ status: 415, body: { code: 'TL_CONTENT_TYPE' } });
      }
      const broken = await ask('POST', '/config', { headers: JSON_TYPE, body: '{"rate":' });
      expect(broken).toMatchObject({ status: 400, body: { code: 'TL_BODY_INVALID' } });
    });

    it('sets how rooms are written, too', async () => {
      await post('/config', { fanOut: 'naive' });
      const client = await TestClient.connect(server.wsUrl);
      await client.ask({ type: 'subscribe', matchId: 7 });
      await post('/matches/7/commentary', { minute: 1, text: 'still here' });
      expect(await client.next()).toMatchObject({ type: 'commentary', offset: 1 });
      await client.close();
    });
  });

  describe('/stats and /ticks/symbols', () => {
    it('has figures before anybody reads', async () => {
      const { status, body } = await ask('GET', '/stats');
      expect(status).toBe(200);
      expect(body).toEqual({
        targetRate: 1_000,
        serverRate: 0,
        bufferedRate: 0,
        flushedRate: 0,
        deliveredRate: 0,
        totals: {
          made: 0,
          offered: 0,
          buffered: 0,
          flushed: 0,
          acknowledged: 0,
          skipped: 0,
          shortfall: 0,
          readers: 0,
          acknowledgingReaders: 0,
        },
        clients: {},
      });
      expect((await ask('DELETE', '/stats')).body).toEqual({ cleared: true });
    });

    it('lists the symbols', async () => {
      expect((await ask('GET', '/ticks/symbols')).body).toEqual([...TICK_SYMBOLS]);
    });
  });

  describe('pages from elsewhere', () => {
    const allowedOrigin = ({ headers }: Answer) => headers.get('access-control-allow-origin');
    const preflight = {
      headers: { Origin: 'https://elsewhere.example', 'Access-Control-Request-Method': 'POST' },
    };

    it.each(['/config', '/stats', '/ticks/symbols'])(
      'may use %s while the server is on loopback',
      async (path) => {
        const answer = await ask('OPTIONS', path, preflight);
        expect(answer.status).toBe(204);
        expect(Object.fromEntries(answer.headers)).toMatchObject({
          'access-control-allow-origin': '*',
          'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
          'access-control-allow-headers': 'Content-Type',
        });
        expect(allowedOrigin(await ask('GET', path))).toBe('*');
      },
    );

    it('can read why they were refused', async () => {
      expect(allowedOrigin(await post('/config', { rate: 0 }))).toBe('*');
    });

    it('may use it off loopback from an allowed origin alone', async () => {
      const from = (origin: string) => ask('GET', '/config', { headers: { Origin: origin } }, open);
      const allowed = await from('https://desk.example');
      expect([allowedOrigin(allowed), allowed.headers.get('vary')]).toEqual([
        'https://desk.example',
        'Origin',
      ]);
      expect(allowedOrigin(await from('https://elsewhere.example'))).toBeNull();
      const asked = await ask('OPTIONS', '/config', { headers: { Origin: 'https://desk.example' } }, open);
      expect(asked.headers.get('access-control-allow-headers')).toBe('Content-Type, Authorization');
    });

    it('must name a host of this server, loopback or not', async () => {
      const { hostname, port } = new URL(server.httpUrl);
      const { request } = await import('node:http');
      const status = await new Promise((resolve, reject) => {
        const headers = { Host: 'rebound.example' };
        request({ hostname, port, path: '/config', headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect(status).toBe(403);
    });
  });

  describe('off loopback', () => {
    it('wants a token for changes, not for reading', async () => {
      for (const headers of [{}, { Authorization: 'Bearer other' }] as Record<string, string>[]) {
        expect(await post('/config', { rate: 1 }, headers, open)).toMatchObject({ status: 401 });
        expect(await ask('DELETE', '/stats', { headers }, open)).toMatchObject({ status: 401 });
      }
      const token = { Authorization: 'Bearer change-token' };
      expect(await post('/config', { rate: 1 }, token, open)).toMatchObject({
        status: 200,
        body: { rate: 1 },
      });
      expect(await ask('DELETE', '/stats', { headers: token }, open)).toMatchObject({ status: 200 });
      expect(await ask('GET', '/config', {}, open)).toMatchObject({ status: 200 });
      expect(await ask('GET', '/stats', {}, open)).toMatchObject({ status: 200 });
    });
  });

  describe('methods', () => {
    it.each([
      ['PUT', '/config', 'GET'],
      ['PATCH', '/stats', 'DELETE'],
      ['POST', '/ticks/symbols', 'GET'],
    ])('refuses %s %s', async (method, path, allowed) => {
      const answer = await ask(method, path);
      expect(answer).toMatchObject({ status: 405, body: { code: 'TL_METHOD_NOT_ALLOWED' } });
      expect(answer.headers.get('allow')).toContain(allowed);
    });

    it('answers a plain GET of /ticks with what it is for', async () => {
      expect(await ask('GET', '/ticks')).toMatchObject({ status: 426, body: { code: 'TL_UPGRADE_INVALID' } });
    });
  });

  describe('the handshake of /ticks', () => {
    it('takes both formats, and refuses another before there is a WebSocket', async () => {
      const url = server.wsUrl.replace('/ws', '/ticks');
      const client = new TestClient(`${url}?format=json`);
      expect(await client.next()).toMatchObject({ type: 'hello', format: 'json', seq: 0 });
      const refused = await fetch(`${server.httpUrl}/ticks?format=xml`, { headers: { Origin: 'null' } });
      expect(refused.status).toBe(426);
      const status = await new Promise((resolve) => {
        const wrong = new TestClient(`${url}?format=xml`);
        wrong.webSocket.on('unexpected-response', (_request, answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
      });
      expect(status).toBe(400);
      expect(server.sources.transport().upgradesRefusedByReason).toMatchObject({ query: 1 });
      await client.close();
    });

    it('gives ticks at once, and none after the client began to close', async () => {
      const client = new TestClient(server.wsUrl.replace('/ws', '/ticks'));
      const { seq } = await client.nextOf('hello');
      for (let n = 1; n <= 20; n += 1) expect(await client.next()).toMatchObject({ seq: Number(seq) + n });
      await client.close();
      const { made, offered, buffered, flushed, skipped } = server.sources.ticks();
      expect(offered).toBe(buffered + skipped);
      expect(flushed).toBe(buffered);
      expect(made).toBeGreaterThanOrEqual(20);
      expect(server.sources.lifecycle()).toMatchObject({ 'ticks.readers': 0, 'ticks.timers': 0 });
    });

    it('closes its readers with the others when the server drains', async () => {
      const draining = await startTestServer({ ENGINE: engine });
      const client = new TestClient(draining.wsUrl.replace('/ws', '/ticks'));
      await client.nextOf('hello');
      const stopped = draining.stop();
      expect(await client.closed).toEqual({ code: 4001, reason: 'shutdown' });
      expect(await stopped).toMatchObject({ closed: 1, cut: 0 });
      expect(draining.defects).toEqual([]);
    });
  });
});
