/** Live instances of the compiled server: a clean one has as many after 500 connections as before them. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../testing/server-process.ts';
import { TestClient } from '../testing/test-client.ts';
import { until } from '../testing/until.ts';

const ROUNDS = 2;
const CONNECTIONS = 500;
const MATCH = 1;

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.kill());

/** Everyone joins, hears one message, and leaves: a third by unsubscribing first, a third by vanishing. */
async function comeAndGo(count: number): Promise<void> {
  const clients = await Promise.all(
    Array.from({ length: count }, () => TestClient.connect(server.urls.wsUrl)),
  );
  await Promise.all(clients.map((client) => client.ask({ type: 'subscribe', matchId: MATCH })));
  await server.publish(MATCH, 'Kick-off.');
  await Promise.all(clients.map((client) => client.nextOf('commentary')));
  await Promise.all(
    clients.map(async (client, index) => {
      if (index % 3 === 0) await client.ask({ type: 'unsubscribe', matchId: MATCH });
      if (index % 3 === 1) client.webSocket.terminate();
      else await client.close();
    }),
  );
  await until(
    () => server.scrape(),
    (metric) => metric('touchline_connections') === 0,
  );
}

it('are as many after as before, in every round', async () => {
  await comeAndGo(CONNECTIONS);
  const before = await server.classCounts();
  const { structures, listeners } = await server.lifecycle();
  for (let round = 0; round < ROUNDS; round += 1) {
    await comeAndGo(CONNECTIONS);
    expect(await server.classCounts()).toEqual(before);
    const after = await server.lifecycle();
    expect(after.listeners).toEqual(listeners);
    expect(after.structures).toEqual({
      ...structures,
      'hub.messagesHistory': (structures['hub.messagesHistory'] ?? 0) + round + 1,
    });
  }
  expect(before).toMatchObject({ Connection: 0, Peer: 0, WebSocket: 0 });
  expect(server.stderr).not.toContain('Warning');
});
