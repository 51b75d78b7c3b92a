import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { renderFamilies } from './exposition.ts';
import type { LiveFamily } from './metric-sample.ts';
import { type MetricsEndpoint, openMetricsEndpoint } from './metrics-endpoint.ts';
import { ScrapeWatch } from './scrape-watch.ts';

const FAMILIES: readonly LiveFamily[] = [
  {
    name: 'touchline_profile_deliveries_total',
    definition: { type: 'counter', unit: 'count', help: 'Messages.', labels: [] },
    samples: [{ labels: {}, value: 7 }],
  },
  {
    name: 'touchline_profile_gaps',
    definition: { type: 'gauge', unit: 'count', help: 'Missing.', labels: [] },
    samples: [],
  },
];

const open: MetricsEndpoint[] = [];
afterEach(async () => {
  for (const endpoint of open.splice(0)) await endpoint.close();
});

async function endpoint(ports: readonly number[] = [0], host = '127.0.0.1') {
  const watch = new ScrapeWatch();
  const opened = await openMetricsEndpoint({
    host,
    ports,
    watch,
    scrape: (accept) => renderFamilies(FAMILIES, accept),
  });
  open.push(opened);
  return { watch, instance: opened.instance };
}

/** `fetch` would not let a test set the Host header. */
async function ask(
  instance: string,
  { path = '/metrics', method = 'GET', headers = {} }: Partial<Asked> = {},
) {
  const asked = request(`http://${instance}${path}`, { method, headers, agent: false });
  asked.end();
  const [answer] = await once(asked, 'response');
  return { status: answer.statusCode, type: answer.headers['content-type'], body: await text(answer) };
}

interface Asked {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

describe('the endpoint', () => {
  it('shows the classic text, or OpenMetrics where that is asked for', async () => {
    const { instance } = await endpoint();
    const classic = await ask(instance);
    expect(classic.type).toContain('text/plain');
    expect(classic.body).toContain('# TYPE touchline_profile_deliveries_total counter');
    expect(classic.body).toContain('touchline_profile_deliveries_total 7');
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
    const open = await ask(instance, { headers: { accept } });
    expect(open.type).toContain('application/openmetrics-text; version=1.0.0');
    expect(open.body).toContain('# TYPE touchline_profile_deliveries counter');
    expect(open.body).toContain('touchline_profile_deliveries_total 7');
    expect(open.body).toMatch(/# EOF\n$/);
  });

  it.each([
    ['POST', '/metrics'],
    ['GET', '/'],
    ['GET', '/debug/gc'],
  ])('says what it shows to %s %s', async (method, path) => {
    const { instance, watch } = await endpoint();
    const answer = await ask(instance, { method, path });
    expect([answer.status, answer.body]).toEqual([
      404,
      'expected GET /metrics: the profiler shows nothing else\n',
    ]);
    expect(watch.isWatched).toBe(false);
  });

  it.each(['127.0.0.1', 'localhost:9465', '[::1]:9465', '192.168.1.5', 'host.docker.internal:9465'])(
    'answers for %s',
    async (host) => {
      const { instance } = await endpoint();
      expect((await ask(instance, { headers: { host } })).status).toBe(200);
    },
  );

  it.each(['evil.example', 'localhost.evil.example:9465', '127.0.0.1.evil.example'])(
    'does not answer for %s',
    async (host) => {
      const { instance } = await endpoint();
      const answer = await ask(instance, { headers: { host } });
      expect([answer.status, answer.body]).toEqual([
        403,
        `expected an IP address or localhost as Host; received "${host}"\n`,
      ]);
    },
  );

  it('takes the next port when one is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { instance } = await endpoint([port, 0]);
    expect(instance).not.toBe(`127.0.0.1:${port}`);
    expect((await ask(instance)).status).toBe(200);
    other.close();
  });

  it('is found on loopback when it is bound to every address', async () => {
    const { instance } = await endpoint([0], '0.0.0.0');
    expect(instance).toMatch(/^127\.0\.0\.1:\d+$/);
    expect((await ask(instance)).status).toBe(200);
  });

  it('refuses an address of another machine in a sentence', async () => {
    await expect(endpoint([0], '192.0.2.1')).rejects.toMatchObject({
      code: 'TL_USAGE',
      message: expect.stringContaining('expected --live-host to be an address of this machine'),
    });
  });
});
