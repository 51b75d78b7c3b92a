import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TickControl, tickControl } from './tick-control.ts';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: string;
  readonly authorization: string | undefined;
}

describe('tickControl', () => {
  let server: Server;
  let asked: Asked[];
  let status: number;
  let answer: unknown;
  let ticks: TickControl;

  beforeEach(async () => {
    asked = [];
    status = 200;
    answer = {};
    server = createServer(async (request, response) => {
      const { method, url, headers } = request;
      asked.push({ method, url, body: await bodyOf(request), authorization: headers.authorization });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    ticks = tickControl({ httpUrl: `http://127.0.0.1:${port}`, token: 'secret', timeoutMs: 5_000 });
  });
  afterEach(() => {
    server.close();
  });

  it('sets the feed with JSON and the token', async () => {
    expect(await ticks.configure({ rate: 500_000, fanOut: 'naive' })).toBeNull();
    expect(asked).toEqual([
      {
        method: 'POST',
        url: '/config',
        body: '{"rate":500000,"fanOut":"naive"}',
        authorization: 'Bearer secret',
      },
    ]);
  });

  it('passes on why a server does not take a setting', async () => {
    status = 400;
    answer = { code: 'TL_BODY_INVALID', message: 'rate must be an integer from 1 to 1000000' };
    expect(await ticks.configure({ rate: 2_000_000 })).toBe('rate must be an integer from 1 to 1000000');
    answer = {};
    expect(await ticks.configure({ rate: 2_000_000 })).toBe('HTTP 400');
  });

  it('reads the configuration, and says so where there is none', async () => {
    answer = { rate: 1_000, format: 'json' };
    expect(await ticks.config()).toEqual({ rate: 1_000, format: 'json' });
    status = 404;
    await expect(ticks.config()).rejects.toMatchObject({
      code: 'TL_TARGET_UNREACHABLE',
      message: expect.stringContaining('received HTTP 404'),
    });
  });

  it('reads totals, or none', async () => {
    answer = { totals: { made: 12 } };
    expect(await ticks.totals()).toMatchObject({ made: 12, flushed: null });
    status = 500;
    expect(await ticks.totals()).toBeNull();
  });

  it('fails where nobody answers', async () => {
    const nobody = tickControl({ httpUrl: 'http://127.0.0.1:1', token: undefined, timeoutMs: 5_000 });
    await expect(nobody.configure({ rate: 1 })).rejects.toMatchObject({ code: 'TL_TARGET_UNREACHABLE' });
    expect(await nobody.totals()).toBeNull();
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
