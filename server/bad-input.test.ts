/** Everything a broken or hostile peer may send: a documented answer, a counter that moved, and others undisturbed. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE } from './protocol/close-codes.ts';
import { maskedFrame, RawPeer, upgradeRequest } from './testing/raw-peer.ts';
import { startTestServer, type TestServer } from './testing/start-test-server.ts';
import { TestClient } from './testing/test-client.ts';

const MATCH_ID = 7;
const TEXT_FRAME = 0x81;
const BINARY_FRAME = 0x82;

let server: TestServer;
let bystander: TestClient;
let published = 0;

beforeAll(async () => {
  server = await startTestServer({ ALLOWED_ORIGINS: ['https://friend.example'], MAX_CONNECTIONS: 50 });
  bystander = await TestClient.connect(server.wsUrl);
  await bystander.ask({ type: 'subscribe', matchId: MATCH_ID });
});

afterEach(async () => {
  expect(await publish('still here?')).toBe(201);
  expect(await bystander.next()).toMatchObject({ type: 'commentary', offset: published });
  expect(bystander.pending).toBe(0);
  expect(server.defects).toEqual([]);
});

afterAll(async () => {
  await server.stop();
});

async function publish(text: string): Promise<number> {
  const answer = await fetch(`${server.httpUrl}/matches/${MATCH_ID}/commentary`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ minute: 1, text }),
  });
  await answer.text();
  published += 1;
  return answer.status;
}

const counters = () => server.sources.hubCounters;
const closedWith = (code: number) => counters().closedByCode.get(code) ?? 0;
const refused = (reason: string) => server.sources.transport().upgradesRefusedByReason[reason] ?? 0;

/** Resolves when the server has forgotten all connections but the bystander's. */
async function alone(): Promise<void> {
  while (server.sources.connectionCount() > 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('messages that are not of the protocol', () => {
  it.each([
    ['malformed JSON', '{"type":', 'invalid_json'],
    ['JSON that is no object', '[1,2]', 'invalid_message'],
    ['a wrong type', '{"type":"subscribe","matchId":"seven"}', 'invalid_message'],
    ['a value out of range', '{"type":"subscribe","matchId":-1}', 'invalid_message'],
    ['an unknown type', '{"type":"launch"}', 'unknown_type'],
    ['a prototype name as type', '{"type":"__proto__"}', 'unknown_type'],
    ['deeply nested JSON', '['.repeat(20_000), 'invalid_json'],
  ] as const)('%s gets an error event and the connection stays', async (_, text, code) => {
    const before = counters().rejectedByCode[code];
    const client = await TestClient.connect(server.wsUrl);
    expect(await client.ask(text)).toMatchObject({
      type: 'error',
      code,
      message: expect.stringMatching(/expected/),
    });
    expect(await client.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    expect(counters().rejectedByCode[code]).toBe(before + 1);
    await client.close();
  });

  it('a binary message gets an error event and the connection stays', async () => {
    const client = await TestClient.connect(server.wsUrl);
    client.webSocket.send(Buffer.from([1, 2, 3]));
    expect(await client.next()).toMatchObject({ type: 'error', code: 'binary_unsupported' });
    expect(await client.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    expect(counters().rejectedByCode.binary_unsupported).toBe(1);
    await client.close();
  });

  it('fifty in a row end the connection for good', async () => {
    const client = await TestClient.connect(server.wsUrl);
    for (let n = 0; n < 50; n += 1) client.send('nonsense');
    expect(await client.closed).toEqual({ code: CLOSE.protocolViolation.code, reason: 'protocol violation' });
    await alone();
    expect(closedWith(CLOSE.protocolViolation.code)).toBe(1);
  });

  it('forty-nine, then a good one, do not', async () => {
    const client = await TestClient.connect(server.wsUrl);
    for (let n = 0; n < 49; n += 1) client.send('nonsense');
    expect(await client.untilPong()).toHaveLength(49);
    client.send('nonsense');
    expect(await client.untilPong()).toHaveLength(1);
    await client.close();
  });

  it('a flood is dropped with one error that counts, and the connection stays', async () => {
    const limited = counters().rateLimited;
    const client = await TestClient.connect(server.wsUrl);
    for (let n = 0; n < 1_000; n += 1) client.send({ type: 'ping' });
    const answers = [await client.next()];
    while (answers.at(-1)?.['type'] === 'pong') answers.push(await client.next());
    expect(answers.at(-1)).toMatchObject({ type: 'error', code: 'rate_limit', message: 'Too many messages' });
    expect(answers.at(-1)?.['dropped']).toBeGreaterThanOrEqual(1);
    expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
    await client.close();
    await alone();
    expect(counters().rateLimited - limited).toBeGreaterThan(800);
    expect(counters().rejectedByCode.rate_limit).toBe(1);
  });
});

describe('frames that break RFC 6455', () => {
  it.each([
    ['oversized', [maskedFrame(TEXT_FRAME, 'x'.repeat(65_537))], CLOSE.tooLarge.code],
    [
      'oversized by its header alone',
      [Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x7f, 0, 0, 0])],
      CLOSE.tooLarge.code,
    ],
    [
      'oversized in fragments',
      [maskedFrame(0x01, 'x'.repeat(60_000)), maskedFrame(0x80, 'x'.repeat(6_000))],
      CLOSE.tooLarge.code,
    ],
    [
      'in too many fragments',
      [maskedFrame(0x01, 'x'), ...Array.from({ length: 1_100 }, () => maskedFrame(0x00, 'x'))],
      CLOSE.tooManyFragments.code,
    ],
    ['invalid UTF-8', [maskedFrame(TEXT_FRAME, Buffer.from([0xc3, 0x28]))], CLOSE.invalidText.code],
    ['unmasked', [Buffer.from([0x81, 0x02, 0x7b, 0x7d])], CLOSE.frameError.code],
    ['with reserved bits', [maskedFrame(0xc1, '{}')], CLOSE.frameError.code],
    ['of an unknown opcode', [maskedFrame(0x83, '{}')], CLOSE.frameError.code],
    ['a fragmented ping', [maskedFrame(0x09, 'x')], CLOSE.frameError.code],
    ['a continuation of nothing', [maskedFrame(0x80, 'x')], CLOSE.frameError.code],
  ])('%s ends the connection with its code', async (_, frames, code) => {
    const before = closedWith(code);
    const peer = await RawPeer.upgrade(server.wsUrl);
    for (const frame of frames) peer.write(frame);
    expect(await peer.readCloseCode()).toBe(code);
    peer.destroy();
    await alone();
    expect(closedWith(code)).toBe(before + 1);
    expect(server.sources.closedConnections()[0]).toMatchObject({ code, initiator: 'server' });
  });

  it('a message in a few fragments is none of these', async () => {
    const peer = await RawPeer.upgrade(server.wsUrl);
    for (const [first, part] of [
      [0x01, '{"type"'],
      [0x00, ':"pi'],
      [0x80, 'ng"}'],
    ] as const) {
      peer.write(maskedFrame(first, part));
    }
    await peer.readUntil('{"type":"pong"}');
    peer.destroy();
    await alone();
  });

  it('a binary frame of any size below the limit does no harm', async () => {
    const peer = await RawPeer.upgrade(server.wsUrl);
    peer.write(maskedFrame(BINARY_FRAME, Buffer.alloc(65_536)));
    await peer.readUntil('binary_unsupported');
    peer.destroy();
    await alone();
  });

  it('a reset in the middle of a frame is counted as abnormal', async () => {
    const before = closedWith(1006);
    const peer = await RawPeer.upgrade(server.wsUrl);
    peer.write(maskedFrame(TEXT_FRAME, '{"type":"ping"}').subarray(0, 5));
    peer.socket.resetAndDestroy();
    await alone();
    expect(closedWith(1006)).toBe(before + 1);
  });
});

describe('upgrades that are refused', () => {
  it.each([
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
  ])('%s', async (_, headers, status, code, reason) => {
    const before = refused(reason);
    const peer = await RawPeer.open(server.wsUrl);
    peer.write(upgradeRequest(server.wsUrl, headers as Record<string, string>));
    const answer = await peer.readAll();
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual({
      code,
      message: expect.any(String),
    });
    if (status === 426) expect(answer).toContain('Sec-WebSocket-Version: 13');
    expect(refused(reason)).toBe(before + 1);
  });

  it('an unknown path', async () => {
    const peer = await RawPeer.open(server.wsUrl);
    peer.write(upgradeRequest(server.wsUrl.replace('/ws', '/other')));
    expect(await peer.readAll()).toMatch(/^HTTP\/1.1 404 .*TL_NOT_FOUND/s);
    expect(refused('path')).toBe(1);
  });

  it.each([undefined, 'https://friend.example', 'same'])('but not with origin %s', async (origin) => {
    const chosen = origin === 'same' ? server.httpUrl : origin;
    const client = await TestClient.connect(server.wsUrl, chosen === undefined ? {} : { origin: chosen });
    await client.close();
  });

  it('more connections than MAX_CONNECTIONS, with Retry-After', async () => {
    const clients = await Promise.all(Array.from({ length: 49 }, () => TestClient.connect(server.wsUrl)));
    const peer = await RawPeer.open(server.wsUrl);
    peer.write(upgradeRequest(server.wsUrl));
    expect(await peer.readAll()).toMatch(/^HTTP\/1.1 503 .*Retry-After: \d+.*TL_TOO_MANY_CONNECTIONS/s);
    expect(refused('max_connections')).toBe(1);
    await Promise.all(clients.map((client) => client.close()));
    await alone();
  });

  it('more connections than MAX_CONNECTIONS_PER_IP, but never on loopback', async () => {
    const proxied = await startTestServer({ MAX_CONNECTIONS_PER_IP: 1, TRUST_PROXY: ['127.0.0.1'] });
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

  it('bytes that are not HTTP', async () => {
    const peer = await RawPeer.open(server.wsUrl);
    peer.write('\x16\x03\x01 hello\r\n\r\n');
    expect(await peer.readAll()).toMatch(/^HTTP\/1.1 400 .*TL_REQUEST_INVALID/s);
  });
});

describe('a peer that is gone without a word', () => {
  it('is found by the heartbeat and cut, its close code recorded', async () => {
    const beating = await startTestServer({ HEARTBEAT_SECS: 0.1 });
    const lively = await TestClient.connect(beating.wsUrl);
    const silent = await RawPeer.upgrade(beating.wsUrl);
    expect(await silent.readCloseCode()).toBe(CLOSE.heartbeatMissed.code);
    await silent.closed;
    while (beating.sources.connectionCount() > 1) await new Promise((resolve) => setImmediate(resolve));
    expect(beating.sources.transport().heartbeatsMissed).toBe(1);
    expect(beating.sources.hubCounters.closedByCode).toEqual(new Map([[CLOSE.heartbeatMissed.code, 1]]));
    expect(await lively.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    await lively.close();
    await beating.stop();
  });
});

describe('a server that drains', () => {
  it('takes no new commentary and says when to come back', async () => {
    const draining = await startTestServer();
    const silent = await RawPeer.upgrade(draining.wsUrl);
    const stopped = draining.stop();
    const answer = await fetch(`${draining.httpUrl}/matches/1/commentary`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"minute":1,"text":"x"}',
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer.json()).toMatchObject({ code: 'TL_DRAINING' });
    draining.cutNow();
    expect(await stopped).toMatchObject({ cut: 1 });
    silent.destroy();
  });
});

describe('a reader that stopped', () => {
  it('is closed as a slow consumer and drags nobody down', async () => {
    const before = counters().slowClosedByLimit.bytes;
    const post = (text: string) =>
      fetch(`${server.httpUrl}/matches/99/commentary`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ minute: 1, text }),
      });
    const { epoch } = await (await TestClient.connect(server.wsUrl)).ask({ type: 'subscribe', matchId: 99 });
    for (let n = 0; n < 100; n += 1) await post('x'.repeat(2_000));
    const peer = await RawPeer.upgrade(server.wsUrl);
    peer.socket.pause();
    // Each answer is 200 KB; the kernel's buffers take about 10 MB before the server sees any of it wait.
    const resume = JSON.stringify({ type: 'subscribe', matchId: 99, since: { epoch, offset: 0 } });
    for (let n = 0; n < 90; n += 1) peer.write(maskedFrame(TEXT_FRAME, resume));
    // Resuming fills half of the send buffer at most; broadcasts fill the rest.
    while (closedWith(CLOSE.slowConsumer.code) === 0) await post('語'.repeat(2_000));
    expect(counters().slowClosedByLimit.bytes).toBe(before + 1);
    expect(server.sources.closedConnections()[0]).toMatchObject({
      code: CLOSE.slowConsumer.code,
      initiator: 'server',
    });
    expect(server.sources.closedConnections()[0]?.peakBufferedBytes).toBeGreaterThan(500_000);
    peer.destroy();
  });
});
