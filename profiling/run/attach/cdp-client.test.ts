import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { CdpClient } from './cdp-client.ts';

describe('CdpClient', () => {
  let server: WebSocketServer;
  let client: CdpClient;
  /** What the inspector does with each message. */
  let inspect: (socket: WebSocket, message: { id: number; method: string }) => void;

  beforeEach(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => {
      socket.on('message', (data) => inspect(socket, JSON.parse(String(data))));
    });
    await new Promise((resolve) => server.once('listening', resolve));
    client = await CdpClient.connect(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(async () => {
    await client.close(0);
    for (const socket of server.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  const reply = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message));

  it('gives each call its own answer, whatever their order', async () => {
    const ids: number[] = [];
    inspect = (socket, { id }) => {
      ids.push(id);
      if (ids.length === 2)
        for (const each of ids.toReversed()) reply(socket, { id: each, result: { each } });
    };
    const [first, second] = await Promise.all([client.call('A'), client.call('B')]);
    expect([first, second]).toEqual([{ each: 1 }, { each: 2 }]);
  });

  it('says what an inspector refuses, and when it says nothing', async () => {
    inspect = (socket, { id, method }) => {
      if (method === 'Refuse') reply(socket, { id, error: { code: -32601, message: 'not found' } });
    };
    const expected = (received: string) => ({
      code: 'TL_ATTACH_FAILED',
      message: expect.stringContaining(received),
    });
    await expect(client.call('Refuse')).rejects.toMatchObject(expected('received not found'));
    await expect(client.call('Silence', {}, 20)).rejects.toMatchObject(expected('no answer for 0.02 s'));
  });

  it('fails what waits when the connection ends, and what comes after', async () => {
    inspect = (socket) => socket.terminate();
    await expect(client.call('End')).rejects.toThrow('its connection ended');
    await expect(client.call('Later')).rejects.toThrow('its connection had ended');
  });

  it('hands events over one after the other, and answers after the events before them', async () => {
    inspect = (socket, { id }) => {
      for (const chunk of ['a', 'b', 'c']) reply(socket, { method: 'Chunk', params: { chunk } });
      reply(socket, { id, result: {} });
    };
    const seen: unknown[] = [];
    let running = 0;
    client.on('Chunk', async ({ chunk }) => {
      running += 1;
      expect(running).toBe(1);
      await nextTurn();
      seen.push(chunk);
      running -= 1;
    });
    await client.call('Go');
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('ends when every answer has come, also those that came too late, and without a closing handshake', async () => {
    let answer: (() => void) | undefined;
    inspect = (socket, { id }) => {
      answer = () => reply(socket, { id, result: {} });
    };
    const closed = new Promise((resolve) => {
      for (const socket of server.clients) socket.once('close', resolve);
    });
    await expect(client.call('Slow', {}, 20)).rejects.toThrow('no answer');
    const ended = client.close();
    const first = await Promise.race([ended.then(() => 'ended'), nextTurn('waits')]);
    expect(first).toBe('waits');
    answer?.();
    await ended;
    // 1006: the connection ended without a word.
    expect(await closed).toBe(1_006);
  });

  it('is refused where no inspector is', async () => {
    await expect(CdpClient.connect('ws://127.0.0.1:1/x')).rejects.toMatchObject({ code: 'TL_ATTACH_FAILED' });
  });
});
