import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../testing/contract.ts';
import { RawPeer, upgradeRequest } from '../testing/raw-peer.ts';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';
import { TestClient } from '../testing/test-client.ts';

contract('requests to upgrade', (engine) => {
  const isUws = engine === 'uws';
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({ ENGINE: engine });
  });
  afterEach(() => {
    expect(server.defects).toEqual([]);
  });
  afterAll(async () => {
    await server.stop();
  });

  const BODY = '{"minute":1,"text":"Goal!"}';
  const post = (offer: string) =>
    `POST /matches/1/commentary HTTP/1.1\r\nHost: 127.0.0.1\r\n${offer}Content-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`;
  const H2C = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';

  describe('a request that offers another protocol', () => {
    it('is answered as if it had not, body and next request included', async () => {
      const peer = await RawPeer.open(server.httpUrl);
      peer.write(post(H2C) + BODY.slice(0, 5));
      peer.write(BODY.slice(5));
      expect(await peer.readUntil('\r\n')).toBe('HTTP/1.1 201 Created\r\n');
      expect(await peer.readUntil('}')).toContain('"text":"Goal!"');
      peer.write(`GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n${H2C}\r\n`);
      expect(await peer.readUntil('}')).toMatch(/^HTTP\/1\.1 200 .*"status":"ok"/s);
      peer.write(upgradeRequest(server.wsUrl));
      expect(await peer.readUntil('\r\n')).toBe('HTTP/1.1 101 Switching Protocols\r\n');
      peer.destroy();
    });
  });

  // uWS takes no request while it answers one: what is pipelined behind it is lost, and its socket ends by a timeout.
  const pipelined = () => {
    it('waits for the answers before it', async () => {
      const peer = await RawPeer.open(server.httpUrl);
      peer.write(post('') + BODY + post('') + BODY + upgradeRequest(server.wsUrl));
      const answers = [];
      for (let n = 0; n < 3; n += 1) {
        answers.push(Number(/HTTP\/1\.1 (\d+)/.exec(await peer.readUntil('\r\n\r\n'))?.[1]));
      }
      expect(answers).toEqual([201, 201, 101]);
      expect(await peer.readUntil('"type":"welcome"')).toContain('welcome');
      peer.destroy();
    });

    it('harms nobody when its client is gone by then', async () => {
      const peer = await RawPeer.open(server.httpUrl);
      peer.write(post('') + BODY + upgradeRequest(server.wsUrl));
      peer.socket.resetAndDestroy();
      await peer.closed;
      const client = await TestClient.connect(server.wsUrl);
      await client.close();
      while (server.sources.connectionCount() > 0) await new Promise((resolve) => setImmediate(resolve));
    });
  };
  if (!isUws) describe('an upgrade that is pipelined', pipelined);

  describe('an upgrade that no server of today takes', () => {
    const cases = [
      ['two Hosts', '\r\nConnection:', '\r\nHost: evil.example\r\nConnection:'],
      // uWS gives HTTP/1.0 no answer at all.
      ...(isUws ? [] : [['HTTP/1.0', 'HTTP/1.1', 'HTTP/1.0'] as const]),
    ] as const;
    it.each(cases)('%s is refused and counted', async (_, part, instead) => {
      const before = server.sources.transport().upgradesRefusedByReason['upgrade_headers'] ?? 0;
      const peer = await RawPeer.open(server.httpUrl);
      peer.write(upgradeRequest(server.wsUrl).replace(part, instead));
      expect(await peer.readAll()).toMatch(/^HTTP\/1\.1 400 .*TL_UPGRADE_INVALID/s);
      expect(server.sources.transport().upgradesRefusedByReason).toMatchObject({
        upgrade_headers: before + 1,
      });
    });
  });

  describe('a sub-protocol', () => {
    it('is never agreed to', async () => {
      const peer = await RawPeer.open(server.wsUrl);
      peer.write(upgradeRequest(server.wsUrl, { 'Sec-WebSocket-Protocol': 'chat, bearer.abc' }));
      const head = await peer.readUntil('\r\n\r\n');
      expect(head).toContain('101 Switching Protocols');
      expect(head).not.toMatch(/sec-websocket-protocol/i);
      peer.destroy();
    });
  });
});
