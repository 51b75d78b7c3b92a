/** What a broken or hostile client may send: a documented answer, a counter that moved, and others undisturbed. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLOSE } from '../protocol/close-codes.ts';
import { Bystander } from '../testing/bystander.ts';
import { contract } from '../testing/contract.ts';
import { TestClient } from '../testing/test-client.ts';

contract('messages that are not of the protocol', (engine) => {
  let bystander: Bystander;
  beforeAll(async () => {
    bystander = await Bystander.start({ ENGINE: engine });
  });
  afterEach(() => bystander.isUndisturbed());
  afterAll(() => bystander.stop());

  const connect = () => TestClient.connect(bystander.server.wsUrl);

  it.each([
    ['malformed JSON', '{"type":', 'invalid_json'],
    ['JSON that is no object', '[1,2]', 'invalid_message'],
    ['a wrong type', '{"type":"subscribe","matchId":"seven"}', 'invalid_message'],
    ['a value out of range', '{"type":"subscribe","matchId":-1}', 'invalid_message'],
    ['an unknown type', '{"type":"launch"}', 'unknown_type'],
    ['a prototype name as type', '{"type":"__proto__"}', 'unknown_type'],
    ['deeply nested JSON', '['.repeat(20_000), 'invalid_json'],
  ] as const)('%s gets an error event and the connection stays', async (_, text, code) => {
    const before = bystander.counters.rejectedByCode[code];
    const client = await connect();
    expect(await client.ask(text)).toMatchObject({
      type: 'error',
      code,
      message: expect.stringMatching(/expected/),
    });
    expect(await client.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    expect(bystander.counters.rejectedByCode[code]).toBe(before + 1);
    await client.close();
  });

  it('a binary message gets an error event and the connection stays', async () => {
    const client = await connect();
    client.webSocket.send(Buffer.from([1, 2, 3]));
    expect(await client.next()).toMatchObject({ type: 'error', code: 'binary_unsupported' });
    expect(await client.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    expect(bystander.counters.rejectedByCode.binary_unsupported).toBe(1);
    await client.close();
  });

  it('fifty in a row end the connection for good', async () => {
    const client = await connect();
    for (let n = 0; n < 50; n += 1) client.send('nonsense');
    expect(await client.closed).toEqual({ code: CLOSE.protocolViolation.code, reason: 'protocol violation' });
    await bystander.isAlone();
    expect(bystander.closedWith(CLOSE.protocolViolation.code)).toBe(1);
  });

  it('forty-nine, then a good one, do not', async () => {
    const client = await connect();
    for (let n = 0; n < 49; n += 1) client.send('nonsense');
    expect(await client.untilPong()).toHaveLength(49);
    client.send('nonsense');
    expect(await client.untilPong()).toHaveLength(1);
    await client.close();
  });

  describe('too many at once', () => {
    it('are dropped with one error that counts, and the connection stays', async () => {
      const limited = bystander.counters.rateLimited;
      const client = await connect();
      for (let n = 0; n < 1_000; n += 1) client.send({ type: 'ping' });
      const answers = [await client.next()];
      while (answers.at(-1)?.['type'] === 'pong') answers.push(await client.next());
      expect(answers.at(-1)).toMatchObject({
        type: 'error',
        code: 'rate_limit',
        message: 'Too many messages',
      });
      expect(answers.at(-1)?.['dropped']).toBeGreaterThanOrEqual(1);
      expect(client.webSocket.readyState).toBe(client.webSocket.OPEN);
      await client.close();
      await bystander.isAlone();
      expect(bystander.counters.rateLimited - limited).toBeGreaterThan(800);
      expect(bystander.counters.rejectedByCode.rate_limit).toBe(1);
    });
  });
});
