import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../testing/contract.ts';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';
import { TestClient } from '../testing/test-client.ts';

contract('the events of /ws', (engine) => {
  let server: TestServer;
  let lastMatchId = 0;

  beforeAll(async () => {
    server = await startTestServer({ ENGINE: engine, WS_MAX_SUBSCRIPTIONS: 2 });
  });
  afterAll(async () => {
    await server.stop();
    expect(server.defects).toEqual([]);
  });

  const connect = () => TestClient.connect(server.wsUrl);
  const freshMatch = () => {
    lastMatchId += 1;
    return lastMatchId;
  };

  async function publish(matchId: number, text: string): Promise<Record<string, unknown>> {
    const answer = await fetch(`${server.httpUrl}/matches/${matchId}/commentary`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ minute: 1, text }),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as Record<string, unknown>;
  }

  describe('/ws', () => {
    it('welcomes a guest first, with both clocks', async () => {
      const client = new TestClient(server.wsUrl);
      const welcome = await client.next();
      expect(welcome).toMatchObject({
        type: 'welcome',
        user_id: expect.stringMatching(/^guest-/),
        username: expect.stringMatching(/^guest-/),
        connectionId: expect.any(String),
        clock: { hrtimeNs: expect.stringMatching(/^\d+$/), epochNs: expect.stringMatching(/^\d{19}$/) },
      });
      await client.close();
    });

    it('answers ping with pong', async () => {
      const client = await connect();
      expect(await client.ask({ type: 'ping' })).toEqual({ type: 'pong' });
      await client.close();
    });

    it('delivers commentary to every subscriber in order, and to nobody else', async () => {
      const matchId = freshMatch();
      const [first, second, stranger] = [await connect(), await connect(), await connect()];
      for (const client of [first, second]) {
        expect(await client.ask({ type: 'subscribe', matchId })).toEqual({
          type: 'subscribed',
          matchId,
          epoch: expect.any(String),
          offset: 0,
        });
      }
      const stored = await publish(matchId, 'Kick-off');
      await publish(matchId, 'Goal');
      for (const client of [first, second]) {
        expect(await client.next()).toEqual({
          type: 'commentary',
          matchId,
          offset: 1,
          data: {
            id: stored['id'],
            minute: 1,
            text: 'Kick-off',
            createdAt: stored['createdAt'],
            publishedAtNs: stored['publishedAtNs'],
          },
        });
        expect(await client.next()).toMatchObject({ offset: 2, data: { text: 'Goal' } });
      }
      expect(await stranger.untilPong()).toEqual([]);
      await Promise.all([first.close(), second.close(), stranger.close()]);
    });

    it('writes commentary in the byte order that lean clients read', async () => {
      const matchId = freshMatch();
      const client = await connect();
      await client.ask({ type: 'subscribe', matchId });
      const raw = new Promise<string>((resolve) => {
        client.webSocket.once('message', (data) => resolve(data.toString()));
      });
      await publish(matchId, 'tl1:x "quoted" é');
      expect(await raw).toMatch(
        new RegExp(
          `^\\{"type":"commentary","matchId":${matchId},"offset":1,"data":\\{"id":\\d+,"minute":1,"text":"tl1:x \\\\"quoted\\\\" é","createdAt":\\d{13},"publishedAtNs":"\\d+"\\}\\}$`,
        ),
      );
      await client.close();
    });

    it('ends a subscription with the last offset, after everything up to it', async () => {
      const matchId = freshMatch();
      const client = await connect();
      await client.ask({ type: 'subscribe', matchId });
      await publish(matchId, 'one');
      client.send({ type: 'unsubscribe', matchId });
      expect(await client.next()).toMatchObject({ type: 'commentary', offset: 1 });
      expect(await client.next()).toEqual({ type: 'unsubscribed', matchId, offset: 1 });
      await publish(matchId, 'two');
      expect(await client.untilPong()).toEqual([]);
      expect(await client.ask({ type: 'unsubscribe', matchId })).toMatchObject({
        type: 'error',
        code: 'not_subscribed',
        message: expect.stringContaining(`matchId ${matchId}`),
      });
      await client.close();
    });

    it('gives back all that was missed, or says why not', async () => {
      const matchId = freshMatch();
      const client = await connect();
      const { epoch } = await client.ask({ type: 'subscribe', matchId });
      for (const text of ['one', 'two', 'three']) await publish(matchId, text);
      await client.close();
      const again = await connect();
      const resumed = await again.ask({ type: 'subscribe', matchId, since: { epoch, offset: 1 } });
      expect(resumed).toMatchObject({ type: 'subscribed', epoch, offset: 3, recovered: true });
      expect(resumed['missed']).toMatchObject([
        { type: 'commentary', matchId, offset: 2, data: { text: 'two' } },
        { type: 'commentary', matchId, offset: 3, data: { text: 'three' } },
      ]);
      expect(resumed).not.toHaveProperty('reason');
      const failed = await again.ask({ type: 'subscribe', matchId, since: { epoch: 'other', offset: 1 } });
      expect(failed).toEqual({
        type: 'subscribed',
        matchId,
        epoch,
        offset: 3,
        recovered: false,
        reason: 'epoch_changed',
      });
      const nothing = await again.ask({ type: 'subscribe', matchId, since: { epoch, offset: 3 } });
      expect(nothing).toMatchObject({ recovered: true, missed: [] });
      await again.close();
    });

    it('refuses a subscription too many and keeps the others', async () => {
      const client = await connect();
      for (const matchId of [901, 902]) await client.ask({ type: 'subscribe', matchId });
      expect(await client.ask({ type: 'subscribe', matchId: 903 })).toMatchObject({
        type: 'error',
        code: 'too_many_subscriptions',
        message: expect.stringContaining('at most 2'),
      });
      expect(await client.ask({ type: 'subscribe', matchId: 902 })).toMatchObject({ type: 'subscribed' });
      await client.close();
    });

    it('knows a client by its name and shows it among the connections', async () => {
      const client = await connect();
      const stats = { messagesPerSec: 1, totalMessages: 2, avgLatencyMs: 3, p99LatencyMs: 4 };
      client.send({ type: 'identify', clientId: 'one' });
      await client.untilPong();
      const names = () => [...server.sources.connections()].map(({ clientId }) => clientId);
      expect(names()).toContain('one');
      client.send({ type: 'stats', clientId: 'two', ...stats });
      await client.untilPong();
      expect(names()).toContain('two');
      await client.close();
    });
  });
});
