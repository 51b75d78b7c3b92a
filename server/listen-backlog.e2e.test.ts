/** How many connections wait in the kernel for a server that is too busy to accept them. */

import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ServerProcess } from './testing/server-process.ts';
import { until } from './testing/until.ts';

const SYSTEM_CAP = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
/** What waits beyond the queue is asked for again after a second. */
const BEFORE_RETRY_MS = 300;

let server: ServerProcess;
let sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  server.kill();
});

/** Connects to a server that accepts nothing: it is stopped. @returns how many got as far as its queue */
function connectAll(count: number): () => Promise<number> {
  process.kill(server.urls.pid, 'SIGSTOP');
  const port = Number(new URL(server.urls.httpUrl).port);
  let connected = 0;
  sockets = Array.from({ length: count }, () =>
    connect({ port, host: '127.0.0.1' }, () => {
      connected += 1;
    }).on('error', () => {}),
  );
  return () => sleep(10).then(() => connected);
}

describe('LISTEN_BACKLOG', () => {
  it('lets a storm wait that is larger than what Node has room for by itself', async () => {
    const storm = Math.min(800, SYSTEM_CAP);
    server = await ServerProcess.start();
    const connected = connectAll(storm);
    expect(await until(connected, (count) => count === storm)).toBe(storm);
  });

  it('is the number that waits; the kernel takes one more', async () => {
    server = await ServerProcess.start({ LISTEN_BACKLOG: '16' });
    const connected = connectAll(40);
    await until(connected, (count) => count >= 17);
    await sleep(BEFORE_RETRY_MS);
    expect(await connected()).toBe(17);
  });
});
