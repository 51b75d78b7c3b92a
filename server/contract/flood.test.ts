/** Floods of messages and of control frames: bounded by one rate, read slowly, ended after 10 s without pause. */

import { afterEach, describe, expect, it } from 'vitest';
import { EventsEndpoint } from '../features/events-endpoint.ts';
import { Matches } from '../features/matches/matches.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { contract } from '../testing/contract.ts';
import { FakeSocket } from '../testing/fake-socket.ts';
import { makeHub } from '../testing/make-hub.ts';
import { maskedFrame, RawPeer } from '../testing/raw-peer.ts';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';
import { TestClient } from '../testing/test-client.ts';

contract('floods', (engine) => {
  const PING_FRAME = 0x89;
  const PONG_FRAME = 0x8a;
  const TEXT_FRAME = 0x81;
  const RATE_PER_SECOND = 100;

  let server: TestServer;
  afterEach(async () => {
    await server.stop();
    expect(server.defects).toEqual([]);
  });

  const many = (count: number, frame: Buffer) => Buffer.concat(Array.from({ length: count }, () => frame));
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
  };

  describe('control frames', () => {
    it('are all answered within the rate, however many come at once', async () => {
      server = await startTestServer({ ENGINE: engine, WS_RATE_LIMIT_PER_SEC: RATE_PER_SECOND });
      const peer = await RawPeer.upgrade(server.wsUrl);
      await peer.readUntil('}}');
      peer.write(many(RATE_PER_SECOND - 1, maskedFrame(PING_FRAME, 'a')));
      peer.write(maskedFrame(PING_FRAME, 'last'));
      const pongs = await peer.readUntil('last');
      expect(pongs.split('\u0001a')).toHaveLength(RATE_PER_SECOND);
      expect(server.sources.hubCounters.rateLimited).toBe(0);
      peer.destroy();
    });

    it.each([
      ['pings', maskedFrame(PING_FRAME, '')],
      ['pongs that nobody asked for', maskedFrame(PONG_FRAME, '')],
      ['messages', maskedFrame(TEXT_FRAME, '{"type":"ping"}')],
    ])('a flood of %s is told of, read slowly, and leaves the others alone', async (_, frame) => {
      server = await startTestServer({ ENGINE: engine, WS_RATE_LIMIT_PER_SEC: RATE_PER_SECOND });
      const other = await TestClient.connect(server.wsUrl);
      const flooder = await RawPeer.upgrade(server.wsUrl);
      flooder.write(many(5_000, frame));
      await until(() => server.sources.lifecycle()['websocket.paused'] === 1);
      expect(await flooder.readUntil('"dropped":1}')).toContain('"code":"rate_limit"');
      expect(await other.ask({ type: 'ping' })).toEqual({ type: 'pong' });
      await until(() => server.sources.hubCounters.rateLimited >= 4_000);
      await until(() => server.sources.lifecycle()['websocket.paused'] === 0);
      expect(server.sources.connectionCount()).toBe(2);
      flooder.destroy();
    });

    it('that answer our own pings are free', async () => {
      server = await startTestServer({ ENGINE: engine, WS_RATE_LIMIT_PER_SEC: 1, HEARTBEAT_SECS: 0.1 });
      await TestClient.connect(server.wsUrl);
      await until(() => server.sources.transport().heartbeatPings >= 6);
      expect(server.sources.hubCounters.rateLimited).toBe(0);
      expect(server.sources.connectionCount()).toBe(1);
    });

    it('end the connection when they stay over the rate for 10 s', async () => {
      server = await startTestServer({ ENGINE: engine });
      const { hub, clock } = makeHub({ messagesPerSecond: 1 });
      const endpoint = new EventsEndpoint(hub, new Matches(hub, { maxSubscriptions: 1 }));
      const socket = new FakeSocket();
      const connection = endpoint.opened(socket, { remoteAddress: '127.0.0.1' });
      for (let elapsedMs = 0; elapsedMs < 10_000; elapsedMs += 100) {
        endpoint.receivedControl(connection);
        expect(socket.closedWith).toBeNull();
        clock.advance(100);
      }
      while (endpoint.receivedControl(connection)) clock.advance(100);
      clock.advance(200);
      endpoint.receivedControl(connection);
      expect(socket.closedWith?.code).toBe(CLOSE.rateLimited.code);
      expect(endpoint.receivedControl(connection)).toBe(false);
    });
  });
});
