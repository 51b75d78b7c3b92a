import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../testing/contract.ts';
import { RawPeer } from '../testing/raw-peer.ts';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';
import { TestClient } from '../testing/test-client.ts';
import { TEST_TLS } from '../testing/test-tls.ts';

contract('TLS', (engine) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer({ ENGINE: engine, HEARTBEAT_SECS: 0.1 }, { tls: TEST_TLS });
  });
  afterAll(async () => {
    await server.stop();
  });

  describe('with TLS_CERT and TLS_KEY', () => {
    it('serves wss://, counts its bytes and sees signs of life', async () => {
      expect(server.wsUrl).toMatch(/^wss:/);
      const client = await TestClient.connect(server.wsUrl, { ca: TEST_TLS.cert, origin: server.httpUrl });
      expect(await client.ask({ type: 'subscribe', matchId: 1 })).toMatchObject({ type: 'subscribed' });
      while (server.sources.transport().heartbeatPings < 5)
        await new Promise((resolve) => setImmediate(resolve));
      expect(await client.untilPong()).toEqual([]);
      expect(server.sources.transport()).toMatchObject({ heartbeatsMissed: 0 });
      expect(server.sources.transport().wireReceivedBytes).toBeGreaterThan(0);
      expect([...server.sources.connections()]).toMatchObject([{ bufferedBytes: 0 }]);
      await client.close();
    });

    it('serves https://', async () => {
      const status = await new Promise((resolve, reject) => {
        request(`${server.httpUrl}/livez`, { ca: TEST_TLS.cert }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect(status).toBe(200);
    });

    it('stops although somebody never finishes the TLS handshake', async () => {
      const stopping = await startTestServer({ ENGINE: engine }, { tls: TEST_TLS });
      const half = await RawPeer.open(stopping.httpUrl);
      half.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
      // A second connection is served, so the first has been accepted.
      await (await TestClient.connect(stopping.wsUrl, { ca: TEST_TLS.cert })).close();
      expect(await stopping.stop()).toMatchObject({ cut: 0 });
      await half.closed;
    });
  });
});
