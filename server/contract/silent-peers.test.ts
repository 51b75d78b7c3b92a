/** Peers that say nothing or read nothing: found, ended and counted, and nobody else waits for them. */

import { afterEach, expect, it } from 'vitest';
import { CLOSE } from '../protocol/close-codes.ts';
import { publish } from '../testing/bystander.ts';
import { contract } from '../testing/contract.ts';
import { RawPeer } from '../testing/raw-peer.ts';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';
import { openStoppedReader, STOPPED_READER_MATCH_ID } from '../testing/stopped-reader.ts';
import { TestClient } from '../testing/test-client.ts';

contract('a peer', (engine) => {
  let server: TestServer;
  afterEach(async () => {
    server.cutNow();
    await server.stop();
    expect(server.defects).toEqual([]);
  });

  const closedWith = (code: number) => server.sources.hubCounters.closedByCode.get(code) ?? 0;
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
  };

  const openStopped = () => openStoppedReader(server, async () => unsentBytes() > 0);
  const unsentBytes = () => {
    return [...server.sources.connections()].reduce((sum, { bufferedBytes }) => sum + bufferedBytes, 0);
  };

  it('that is gone without a word is found by the heartbeat and cut, its close code recorded', async () => {
    server = await startTestServer({ ENGINE: engine, HEARTBEAT_SECS: 0.1 });
    const lively = await TestClient.connect(server.wsUrl);
    const silent = await RawPeer.upgrade(server.wsUrl);
    expect(await silent.readCloseCode()).toBe(CLOSE.heartbeatMissed.code);
    await silent.closed;
    await until(() => server.sources.connectionCount() === 1);
    expect(server.sources.transport().heartbeatsMissed).toBe(1);
    expect(server.sources.hubCounters.closedByCode).toEqual(new Map([[CLOSE.heartbeatMissed.code, 1]]));
    expect(await lively.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    await lively.close();
  });

  it('that stopped reading is closed as a slow consumer and drags nobody down', async () => {
    server = await startTestServer({ ENGINE: engine });
    const peer = await openStopped();
    // Resuming fills half of the send buffer at most; broadcasts fill the rest.
    while (closedWith(CLOSE.slowConsumer.code) === 0) {
      await publish(server.httpUrl, STOPPED_READER_MATCH_ID, '語'.repeat(2_000));
    }
    expect(server.sources.hubCounters.slowClosedByLimit.bytes).toBe(1);
    const [closed] = server.sources.closedConnections();
    expect(closed).toMatchObject({ code: CLOSE.slowConsumer.code, initiator: 'server' });
    expect(closed?.peakBufferedBytes).toBeGreaterThan(500_000);
    expect(server.sources.transport().droppedByEngine).toBe(0);
    peer.destroy();
  });

  it('that has much to read gets all of it before the close frame of a drain', async () => {
    server = await startTestServer({ ENGINE: engine, DRAIN_TIMEOUT_SECS: 30 });
    const peer = await openStopped();
    const stopped = server.stop();
    peer.socket.resume();
    const all = await peer.readUntil(CLOSE.shutdown.reason);
    peer.destroy();
    expect(await stopped).toMatchObject({ closed: 1, cut: 0 });
    const answers = all.split('"recovered":').length - 1;
    expect(answers).toBeGreaterThan(10);
    // Beside the answers it was sent a welcome.
    const sent = server.sources.closedConnections().map(({ sentMessages }) => sentMessages);
    expect(sent).toContain(1 + answers);
  });

  it('that takes nothing keeps a drain waiting, which meanwhile takes no new work', async () => {
    server = await startTestServer({ ENGINE: engine, DRAIN_TIMEOUT_SECS: 30 });
    const peer = await openStopped();
    const stopped = server.stop();
    const answer = await fetch(`${server.httpUrl}/matches/1/commentary`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"minute":1,"text":"x"}',
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer.json()).toMatchObject({ code: 'TL_DRAINING' });
    server.cutNow();
    expect(await stopped).toMatchObject({ cut: 1 });
    peer.destroy();
  });
});
