/** The reader's account must be able to fail: servers that lose, repeat, garble or leave. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { runReader } from '../../../dist/load-tests/peers/run/run-reader.js';
import { makeTick } from '../feed/tick.ts';
import type { ReaderPlan } from './reader-plan.ts';

const NOW_MS = 1_763_689_000_000;
const tick = (seq: number): string => JSON.stringify(makeTick(seq, NOW_MS));
const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('runReader', () => {
  let server: WebSocketServer;
  beforeEach(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
  });
  afterEach(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });

  function plan(messages: number): ReaderPlan {
    const address = server.address();
    return {
      port: typeof address === 'object' && address !== null ? address.port : 0,
      path: '/',
      readers: 2,
      shape: { format: 'json', framing: 'websocket', hasSequence: true, wrapsAt: 0, sampledEvery: 1 },
      end: { kind: 'count', messages },
      closesCleanly: false,
    };
  }

  /** What one of the two readers is sent; the other gets everything. */
  async function read(messages: number, send: (socket: WebSocket) => void) {
    let connections = 0;
    server.on('connection', (socket) => {
      connections += 1;
      if (connections === 1) send(socket);
      else for (const seq of numbers(1, messages)) socket.send(tick(seq));
    });
    return await runReader(plan(messages));
  }

  it('finds nothing wrong where nothing is, and samples the time', async () => {
    const result = await read(100, (socket) => {
      for (const seq of numbers(1, 100)) socket.send(tick(seq));
    });
    expect(result).toMatchObject({ connections: 2, messages: 200, fewest: 100, most: 100, negative: 0 });
    expect(result.faults).toEqual({ missing: 0, repeated: 0, corrupt: 0, skipped: 0 });
  });

  it('counts what is lost, repeated and garbled', async () => {
    const result = await read(100, (socket) => {
      for (const seq of [...numbers(1, 49), ...numbers(52, 80), 80, ...numbers(81, 101)])
        socket.send(tick(seq));
      socket.send('half a tick');
    });
    expect(result.faults).toEqual({ missing: 2, repeated: 1, corrupt: 1, skipped: 0 });
  });

  it('takes a greeting and what was left out for what they are', async () => {
    const result = await read(100, (socket) => {
      socket.send('{"type":"hello","seq":40,"symbols":["AAPL"]}');
      for (const seq of numbers(41, 90)) socket.send(tick(seq));
      for (const seq of numbers(96, 145)) socket.send(tick(seq));
      socket.send('{"type":"conflated","skipped":5,"upToCount":105}');
    });
    expect(result.faults).toEqual({ missing: 5, repeated: 0, corrupt: 0, skipped: 5 });
  });

  it('counts what comes beyond the last message until the closing handshake is answered', async () => {
    const result = await read(100, (socket) => {
      for (const seq of numbers(1, 103)) socket.send(tick(seq));
    });
    expect(result).toMatchObject({ messages: 203, fewest: 100, most: 103 });
  });

  it('says that the server left', async () => {
    await expect(read(100, (socket) => socket.terminate())).rejects.toThrow(
      'expected 2 readers to stay connected; one ended: the server closed the connection',
    );
  });

  it('says that the server refused', async () => {
    server.options.verifyClient = (_info, done: (ok: boolean, status: number) => void) => done(false, 503);
    await expect(runReader(plan(1))).rejects.toThrow('the upgrade was refused: http_503');
  });
});
