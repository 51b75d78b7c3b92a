/** Requests that no browser sends: each gets the documented error with a body, is counted, and harms nobody. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../testing/contract.ts';
import { RawPeer } from '../testing/raw-peer.ts';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';

/** What uWS itself closes without an answer, or waits for the rest of until it does. */
const UNANSWERED_BY_UWS: ReadonlySet<string> = new Set([
  'no Host',
  'no HTTP',
  'an unknown method',
  'two lengths',
  'PROPFIND',
  'PURGE',
]);

contract('bad HTTP', (engine) => {
  const isAnswered = (title: string) => engine === 'ws' || !UNANSWERED_BY_UWS.has(title);
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({ ENGINE: engine });
  });
  afterEach(async () => {
    expect((await fetch(`${server.httpUrl}/livez`)).status).toBe(200);
    expect(server.defects).toEqual([]);
  });
  afterAll(async () => {
    await server.stop();
  });

  /** Sends the lines as they are, and reads one answer with a JSON body. */
  async function ask(...lines: readonly string[]) {
    const peer = await RawPeer.open(server.httpUrl);
    peer.write(`${lines.join('\r\n')}\r\n\r\n`);
    const head = await peer.readUntil('\r\n\r\n');
    const body = await peer.readUntil('}');
    peer.destroy();
    const json: unknown = JSON.parse(body.slice(body.indexOf('{')));
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body: json };
  }

  async function requestCount(route: string, status: number): Promise<number> {
    const metrics = await (await fetch(`${server.adminUrl}/metrics`)).text();
    const line = `touchline_http_requests_total{route="${route}",status="${status}"} `;
    return Number(metrics.split(line)[1]?.split('\n')[0] ?? 0);
  }

  const HOST = 'Host: 127.0.0.1';
  const JSON_POST = ['POST /matches/1/commentary HTTP/1.1', HOST, 'Content-Type: application/json'] as const;

  describe('a request that is wrong as a whole', () => {
    const cases = [
      ['no Host', ['GET /livez HTTP/1.1'], '/livez', 400],
      ['two Hosts', ['GET /livez HTTP/1.1', HOST, 'Host: evil.example'], '/livez', 400],
      ['a path that cannot be decoded', ['GET /%zz HTTP/1.1', HOST], 'other', 400],
      ['an unknown method', ['FETCH /livez HTTP/1.1', HOST], 'other', 400],
      ['no HTTP', ['\u0016\u0003\u0001'], 'other', 400],
      ['two lengths', [...JSON_POST, 'Content-Length: 3', 'Transfer-Encoding: chunked'], 'other', 400],
      ['too large a header', ['GET / HTTP/1.1', HOST, `X: ${'x'.repeat(20_000)}`], 'other', 431],
      ['an unknown Expect', [...JSON_POST, 'Expect: wonders', 'Content-Length: 3'], 'other', 417],
    ] as const;
    it.each(cases.filter(([title]) => isAnswered(title)))('%s', async (_, lines, route, status) => {
      const before = await requestCount(route, status);
      const answer = await ask(...lines);
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({
        code: 'TL_REQUEST_INVALID',
        message: expect.stringMatching(/expected .*; received /),
      });
      expect(await requestCount(route, status)).toBe(before + 1);
    });
  });

  describe('a method that the path does not have', () => {
    it.each(['DELETE', 'PUT', 'TRACE', 'PROPFIND', 'PURGE'].filter(isAnswered))(
      '%s is 405, whatever its body',
      async (method) => {
        const answer = await ask(
          `${method} /livez HTTP/1.1`,
          HOST,
          'Content-Type: text/plain',
          'Content-Length: 2',
          '',
          // uWS waits for it.
          'no',
        );
        expect(answer).toMatchObject({ status: 405, body: { code: 'TL_METHOD_NOT_ALLOWED' } });
        expect(answer.head).toMatch(/^allow: GET, HEAD\r$/im);
      },
    );
  });

  describe('a path that leads to another one elsewhere', () => {
    it.each(['/a/../livez', '/%2E%2e/livez', '/./livez', '/\\livez', '//livez'])(
      '%s is 404',
      async (path) => {
        const answer = await ask(`GET ${path} HTTP/1.1`, HOST);
        expect(answer).toMatchObject({ status: 404, body: { code: 'TL_NOT_FOUND' } });
        expect(answer.head).not.toMatch(/connection: close.*connection: close/is);
      },
    );
  });

  describe('a number in a path or query', () => {
    it.each(['1.5', '0x10', '1e3', '%2B1', '01', 'true', '-0', '１', 'a'.repeat(500)])(
      '%s is no match',
      async (id) => {
        const answer = await fetch(`${server.httpUrl}/matches/${id}/commentary`);
        expect(answer.status).toBe(400);
        expect(await answer.json()).toMatchObject({
          code: 'TL_BODY_INVALID',
          message: expect.stringMatching(/^matchId: expected an integer from 1 to 2147483647; received "/),
        });
      },
    );

    it.each(['limit=1.5', 'limit=true', 'limit=1e1', 'before=1.9', 'before=0x5', 'limit=1&limit=2'])(
      '?%s is no page',
      async (query) => {
        const answer = await fetch(`${server.httpUrl}/matches/1/commentary?${query}`);
        expect(answer.status).toBe(400);
        expect(await answer.json()).toMatchObject({ code: 'TL_BODY_INVALID' });
      },
    );
  });
});
