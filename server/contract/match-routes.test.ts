import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../testing/contract.ts';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';

contract('HTTP', (engine) => {
  let server: TestServer;
  /** Bound to every address, so that publishing needs a token. */
  let open: TestServer;

  beforeAll(async () => {
    server = await startTestServer({ ENGINE: engine, MAX_PAYLOAD_BYTES: 4_096 });
    open = await startTestServer({ ENGINE: engine, HOST: '0.0.0.0', API_TOKEN: 'publisher-token' });
  });
  afterAll(async () => {
    await Promise.all([server.stop(), open.stop()]);
    expect(server.defects).toEqual([]);
  });

  const JSON_TYPE = { 'Content-Type': 'application/json' };

  async function send(url: string, init: RequestInit = {}) {
    const answer = await fetch(url, init);
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  }

  const post = (path: string, body: unknown, headers: Record<string, string> = JSON_TYPE) =>
    send(`${server.httpUrl}${path}`, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  describe('POST /matches/:matchId/commentary', () => {
    it('stores and answers with the stored item', async () => {
      const { status, body } = await post('/matches/1/commentary', { minute: 0, text: 'x' });
      expect(status).toBe(201);
      expect(body).toEqual({
        matchId: 1,
        epoch: expect.any(String),
        offset: 1,
        id: expect.any(Number),
        minute: 0,
        text: 'x',
        createdAt: expect.any(Number),
        publishedAtNs: expect.stringMatching(/^\d+$/),
      });
    });

    it.each([
      [
        'a missing field',
        '/matches/1/commentary',
        { minute: 1 },
        'text: expected a string of 1 to 2000 characters; received nothing',
      ],
      [
        'an empty text',
        '/matches/1/commentary',
        { minute: 1, text: '' },
        'text: expected a string of 1 to 2000 characters; received ""',
      ],
      [
        'a number out of range',
        '/matches/1/commentary',
        { minute: 151, text: 'x' },
        'minute: expected an integer from 0 to 150; received 151',
      ],
      [
        'a wrong type',
        '/matches/1/commentary',
        { minute: '1', text: 'x' },
        'minute: expected an integer from 0 to 150; received "1"',
      ],
      [
        'no object',
        '/matches/1/commentary',
        [],
        'body: expected a JSON object with minute and text; received an array',
      ],
      [
        'a match that is no number',
        '/matches/x/commentary',
        { minute: 1, text: 'x' },
        'matchId: expected an integer from 1 to 2147483647; received "x"',
      ],
      [
        'a match out of range',
        '/matches/2147483648/commentary',
        { minute: 1, text: 'x' },
        'matchId: expected an integer from 1 to 2147483647; received "2147483648"',
      ],
    ])('refuses %s, naming field and range', async (_, path, body, message) => {
      expect(await post(path, body)).toMatchObject({
        status: 400,
        body: { code: 'TL_BODY_INVALID', message },
      });
    });

    it.each([
      ['text that is not JSON', '{"minute":', JSON_TYPE, 400, 'TL_BODY_INVALID'],
      ['no body', '', JSON_TYPE, 400, 'TL_BODY_INVALID'],
      ['another content type', '{}', { 'Content-Type': 'text/plain' }, 415, 'TL_CONTENT_TYPE'],
      ['a form', 'minute=1', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'TL_CONTENT_TYPE'],
      ['too large a body', `"${'x'.repeat(5_000)}"`, JSON_TYPE, 413, 'TL_BODY_TOO_LARGE'],
    ])('refuses %s', async (_, body, headers, status, code) => {
      const answer = await post('/matches/1/commentary', body, headers);
      expect(answer).toMatchObject({ status, body: { code, message: expect.stringContaining('expected') } });
    });

    it('wants a token when the server is not bound to loopback', async () => {
      const url = `${open.httpUrl}/matches/1/commentary`;
      const init = (headers: Record<string, string>) => ({
        method: 'POST',
        headers: { ...JSON_TYPE, ...headers },
        body: '{"minute":1,"text":"x"}',
      });
      for (const headers of [
        {},
        { Authorization: 'Bearer wrong-token' },
        { Authorization: 'publisher-token' },
      ]) {
        const answer = await send(url, init(headers as Record<string, string>));
        expect(answer).toMatchObject({ status: 401, body: { code: 'TL_UNAUTHORIZED' } });
        expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      }
      expect((await send(url, init({ Authorization: 'Bearer publisher-token' }))).status).toBe(201);
      expect((await send(url)).status).toBe(200);
    });

    it('says which setting to set when no token is configured', async () => {
      const bare = await startTestServer({ ENGINE: engine, HOST: '0.0.0.0' });
      const answer = await send(`${bare.httpUrl}/matches/1/commentary`, {
        method: 'POST',
        headers: JSON_TYPE,
        body: '{"minute":1,"text":"x"}',
      });
      expect(answer).toMatchObject({ status: 401, body: { message: expect.stringContaining('API_TOKEN') } });
      await bare.stop();
    });
  });

  describe('GET /matches/:matchId/commentary', () => {
    it('pages from newest to oldest', async () => {
      for (let n = 1; n <= 25; n += 1) await post('/matches/50/commentary', { minute: n, text: String(n) });
      const page = (query: string) => send(`${server.httpUrl}/matches/50/commentary${query}`);
      const first = await page('');
      expect(first).toMatchObject({
        status: 200,
        body: { matchId: 50, offset: 25, epoch: expect.any(String) },
      });
      expect(first.body.items.map(({ offset }: { offset: number }) => offset)).toEqual(
        Array.from({ length: 20 }, (_, n) => 25 - n),
      );
      const rest = await page('?before=6&limit=100');
      expect(rest.body.items.map(({ text }: { text: string }) => text)).toEqual(['5', '4', '3', '2', '1']);
    });

    it('gives an empty page for a match nobody used', async () => {
      const { body } = await send(`${server.httpUrl}/matches/51/commentary`);
      expect(body).toMatchObject({ matchId: 51, offset: 0, items: [] });
    });

    it.each(['limit=0', 'limit=101', 'limit=x', 'before=0'])('refuses ?%s', async (query) => {
      const answer = await send(`${server.httpUrl}/matches/1/commentary?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'TL_BODY_INVALID' } });
    });
  });

  describe('the rest of the public port', () => {
    it('is live and ready', async () => {
      for (const path of ['/livez', '/readyz']) {
        expect(await send(`${server.httpUrl}${path}`)).toMatchObject({ status: 200, body: { status: 'ok' } });
      }
    });

    it('shows a page under a strict policy, with nothing from elsewhere', async () => {
      const { status, headers, body } = await send(`${server.httpUrl}/`);
      expect(status).toBe(200);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-/);
      expect(body).not.toMatch(/(src|href)="(https?:)?\/\//);
    });

    it.each([
      ['GET', '/nope', 404, 'TL_NOT_FOUND'],
      ['GET', '/matches/1', 404, 'TL_NOT_FOUND'],
      ['POST', '/livez', 405, 'TL_METHOD_NOT_ALLOWED'],
      ['DELETE', '/matches/1/commentary', 405, 'TL_METHOD_NOT_ALLOWED'],
      ['GET', '/ws', 426, 'TL_UPGRADE_INVALID'],
    ])('answers %s %s with %i', async (method, path, status, code) => {
      const answer = await send(`${server.httpUrl}${path}`, { method });
      expect(answer).toMatchObject({ status, body: { code } });
      if (status === 405) expect(answer.headers.get('allow')).toContain('GET');
    });
  });
});
