import { afterEach, describe, expect, it } from 'vitest';
import { FAN_OUT_MODES } from '../protocol/fan-out-modes.ts';
import type { TouchlineServer } from '../server.ts';
import { publish } from '../testing/bystander.ts';
import { contract } from '../testing/contract.ts';
import { startTestServer } from '../testing/start-test-server.ts';
import { type ReceivedMessage, TestClient } from '../testing/test-client.ts';

const MESSAGES = 40;

/** A join says where the room stands, a leave what came last, and commentary is the next. Ends with the last message. */
function expectNoGap(messages: readonly ReceivedMessage[]): void {
  let last = 0;
  for (const { type, offset } of messages) {
    const next = type === 'commentary' ? last + 1 : Math.max(last, Number(offset));
    expect(offset).toBe(next);
    last = next;
  }
  expect(last).toBe(MESSAGES);
}

contract('broadcasts', (engine) => {
  let server: TouchlineServer | undefined;

  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  /** Above the threshold of compression, then below it: what need not be compressed could overtake what must. */
  const TEXTS = ['long '.repeat(400), 'short'];

  describe.each(FAN_OUT_MODES)('a room, %s', (mode) => {
    it.each([
      ['on', 'permessage-deflate'],
      ['off', ''],
    ] as const)(
      'sends every member everything in one order, WS_COMPRESSION=%s',
      async (setting, extension) => {
        server = await startTestServer({ ENGINE: engine, WS_COMPRESSION: setting, FAN_OUT: mode });
        const { wsUrl, httpUrl, sources } = server;
        const plain = await TestClient.connect(wsUrl, { perMessageDeflate: false });
        const compressed = await TestClient.connect(wsUrl, { perMessageDeflate: true });
        expect(plain.webSocket.extensions).toBe('');
        expect(compressed.webSocket.extensions).toMatch(new RegExp(`^${extension}`));
        for (const client of [plain, compressed]) await client.ask({ type: 'subscribe', matchId: 1 });
        // Not one after the other: several fall into one turn.
        await Promise.all(
          Array.from({ length: MESSAGES }, (_, n) => publish(httpUrl, 1, TEXTS[n % TEXTS.length] ?? '')),
        );
        for (const client of [plain, compressed]) {
          const messages = await client.untilPong();
          expect(messages.map(({ offset }) => offset)).toEqual(
            Array.from({ length: MESSAGES }, (_, n) => n + 1),
          );
          expect(messages.map(({ data }) => (data as { text: string }).text).toSorted()).toEqual(
            Array.from({ length: MESSAGES }, (_, n) => TEXTS[n % TEXTS.length] ?? '').toSorted(),
          );
          expect(await client.ask({ type: 'unsubscribe', matchId: 1 })).toMatchObject({ offset: MESSAGES });
          await client.close();
        }
        expect(sources.hubCounters).toMatchObject({
          deliveries: 2 * MESSAGES,
          framesWritten: 2 * MESSAGES,
        });
      },
    );

    it('keeps the order when a member joins, asks and leaves between broadcasts', async () => {
      server = await startTestServer({ ENGINE: engine, FAN_OUT: mode });
      const { wsUrl, httpUrl } = server;
      const clients = await Promise.all(Array.from({ length: 5 }, () => TestClient.connect(wsUrl)));
      const published = Array.from({ length: MESSAGES }, (_, n) => publish(httpUrl, 1, String(n)));
      for (const client of clients) {
        for (const type of ['subscribe', 'unsubscribe', 'subscribe']) client.send({ type, matchId: 1 });
      }
      await Promise.all(published);
      for (const client of clients) {
        expectNoGap(await client.untilPong());
        await client.close();
      }
    });
  });

  describe('compression', () => {
    it('is not agreed to unless it is switched on', async () => {
      server = await startTestServer({ ENGINE: engine });
      const client = await TestClient.connect(server.wsUrl, { perMessageDeflate: true });
      expect(client.webSocket.extensions).toBe('');
      await client.close();
    });
  });
});
