import { afterEach, describe, expect, it } from 'vitest';
import { FAN_OUT_MODES } from '../../protocol/fan-out-modes.ts';
import type { TouchlineServer } from '../../server.ts';
import { startTestServer } from '../../testing/start-test-server.ts';
import { TestClient } from '../../testing/test-client.ts';

let server: TouchlineServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const MESSAGES = 40;
/** Above the threshold of compression, then below it: what need not be compressed could overtake what must. */
const TEXTS = ['long '.repeat(400), 'short'];

async function publish(httpUrl: string, text: string): Promise<void> {
  const body = JSON.stringify({ minute: 1, text });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${httpUrl}/matches/1/commentary`, { method: 'POST', headers, body });
  expect(answer.status).toBe(201);
}

describe.each(FAN_OUT_MODES)('a room with and without compression, %s', (mode) => {
  it('sends every member everything in one order, replies between', async () => {
    server = await startTestServer({ WS_COMPRESSION: 'on', FAN_OUT: mode });
    const { wsUrl, httpUrl } = server;
    const plain = await TestClient.connect(wsUrl, { perMessageDeflate: false });
    const compressed = await TestClient.connect(wsUrl, { perMessageDeflate: true });
    expect(plain.webSocket.extensions).toBe('');
    expect(compressed.webSocket.extensions).toContain('permessage-deflate');
    for (const client of [plain, compressed]) await client.ask({ type: 'subscribe', matchId: 1 });

    // Not one after the other: several fall into one turn.
    await Promise.all(
      Array.from({ length: MESSAGES }, (_, n) => publish(httpUrl, TEXTS[n % TEXTS.length] ?? '')),
    );

    for (const client of [plain, compressed]) {
      const messages = await client.untilPong();
      expect(messages.map(({ offset }) => offset)).toEqual(Array.from({ length: MESSAGES }, (_, n) => n + 1));
      expect(await client.ask({ type: 'unsubscribe', matchId: 1 })).toMatchObject({ offset: MESSAGES });
      await client.close();
    }
  });
});

describe('compression', () => {
  it('is not agreed to unless it is switched on', async () => {
    server = await startTestServer();
    const client = await TestClient.connect(server.wsUrl, { perMessageDeflate: true });
    expect(client.webSocket.extensions).toBe('');
    await client.close();
  });
});
