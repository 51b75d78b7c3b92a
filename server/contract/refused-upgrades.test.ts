/** Upgrades that are refused: the documented status and body before any connection exists, counted by reason. */

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Bystander } from '../testing/bystander.ts';
import { contract } from '../testing/contract.ts';
import { RawPeer, upgradeRequest } from '../testing/raw-peer.ts';
import { startTestServer } from '../testing/start-test-server.ts';
import { TestClient } from '../testing/test-client.ts';

/** What is wrong, the headers that say so, and status, code and reason of the refusal. */
type WrongHeaders = readonly [string, Readonly<Record<string, string>>, number, string, string];

const WRONG: readonly WrongHeaders[] = [
  ['no version', { 'Sec-WebSocket-Version': '' }, 426, 'TL_UPGRADE_INVALID', 'upgrade_headers'],
  ['another version', { 'Sec-WebSocket-Version': '8' }, 426, 'TL_UPGRADE_INVALID', 'upgrade_headers'],
  ['no key', { 'Sec-WebSocket-Key': '' }, 400, 'TL_UPGRADE_INVALID', 'upgrade_headers'],
  ['a short key', { 'Sec-WebSocket-Key': 'abc' }, 400, 'TL_UPGRADE_INVALID', 'upgrade_headers'],
  ['several upgrades', { Upgrade: 'websocket, h2c' }, 400, 'TL_UPGRADE_INVALID', 'upgrade_headers'],
  ['no sub-protocol', { 'Sec-WebSocket-Protocol': ',' }, 400, 'TL_UPGRADE_INVALID', 'upgrade_headers'],
  [
    'one sub-protocol twice',
    { 'Sec-WebSocket-Protocol': 'chat, chat' },
    400,
    'TL_UPGRADE_INVALID',
    'upgrade_headers',
  ],
  ['a foreign origin', { Origin: 'https://evil.example' }, 403, 'TL_ORIGIN_FORBIDDEN', 'origin'],
  ['a null origin', { Origin: 'null' }, 403, 'TL_ORIGIN_FORBIDDEN', 'origin'],
  [
    'an origin that ends like a friend',
    { Origin: 'https://not-friend.example' },
    403,
    'TL_ORIGIN_FORBIDDEN',
    'origin',
  ],
  ['a rebound host', { Host: 'evil.example:8000' }, 403, 'TL_HOST_FORBIDDEN', 'host'],
];

contract('upgrades', (engine) => {
  let bystander: Bystander;
  let wsUrl = '';
  beforeAll(async () => {
    bystander = await Bystander.start({
      ENGINE: engine,
      ALLOWED_ORIGINS: ['https://friend.example'],
      MAX_CONNECTIONS: 50,
    });
    wsUrl = bystander.server.wsUrl;
  });
  afterEach(() => bystander.isUndisturbed());
  afterAll(() => bystander.stop());

  it.each(WRONG)('with %s are refused', async (_, headers, status, code, reason) => {
    const before = bystander.refused(reason);
    const peer = await RawPeer.open(wsUrl);
    peer.write(upgradeRequest(wsUrl, headers));
    const answer = await peer.readAll();
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual({
      code,
      message: expect.any(String),
    });
    if (status === 426) expect(answer).toContain('Sec-WebSocket-Version: 13');
    expect(bystander.refused(reason)).toBe(before + 1);
  });

  it('to an unknown path are refused', async () => {
    const peer = await RawPeer.open(wsUrl);
    peer.write(upgradeRequest(wsUrl.replace('/ws', '/other')));
    expect(await peer.readAll()).toMatch(/^HTTP\/1.1 404 .*TL_NOT_FOUND/s);
    expect(bystander.refused('path')).toBe(1);
  });

  it('by POST are refused', async () => {
    const before = bystander.refused('upgrade_headers');
    const peer = await RawPeer.open(wsUrl);
    peer.write(upgradeRequest(wsUrl).replace('GET', 'POST'));
    expect(await peer.readAll()).toMatch(/^HTTP\/1.1 400 .*expected GET; received POST/s);
    expect(bystander.refused('upgrade_headers')).toBe(before + 1);
  });

  it.each([undefined, 'https://friend.example', 'same'])('with origin %s are let in', async (origin) => {
    const chosen = origin === 'same' ? bystander.server.httpUrl : origin;
    const client = await TestClient.connect(wsUrl, chosen === undefined ? {} : { origin: chosen });
    await client.close();
    await bystander.isAlone();
  });

  it('beyond MAX_CONNECTIONS are refused with Retry-After', async () => {
    const clients = await Promise.all(Array.from({ length: 49 }, () => TestClient.connect(wsUrl)));
    const peer = await RawPeer.open(wsUrl);
    peer.write(upgradeRequest(wsUrl));
    expect(await peer.readAll()).toMatch(/^HTTP\/1.1 503 .*Retry-After: \d+.*TL_TOO_MANY_CONNECTIONS/s);
    expect(bystander.refused('max_connections')).toBe(1);
    await Promise.all(clients.map((client) => client.close()));
    await bystander.isAlone();
  });

  it('beyond MAX_CONNECTIONS_PER_IP are refused, but never on loopback', async () => {
    const proxied = await startTestServer({
      ENGINE: engine,
      MAX_CONNECTIONS_PER_IP: 1,
      TRUST_PROXY: ['127.0.0.1'],
    });
    const headers = { 'X-Forwarded-For': '203.0.113.9' };
    const first = await TestClient.connect(proxied.wsUrl, { headers });
    const peer = await RawPeer.open(proxied.wsUrl);
    peer.write(upgradeRequest(proxied.wsUrl, headers));
    expect(await peer.readAll()).toMatch(/^HTTP\/1.1 429 .*Retry-After: \d+.*203\.0\.113\.9/s);
    const others = await Promise.all([TestClient.connect(proxied.wsUrl), TestClient.connect(proxied.wsUrl)]);
    await Promise.all([first, ...others].map((client) => client.close()));
    while (proxied.sources.connectionCount() > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(proxied.sources.lifecycle()['upgrade.addresses']).toBe(0);
    await (await TestClient.connect(proxied.wsUrl, { headers })).close();
    await proxied.stop();
  });
});
