/**
 * What the hub itself keeps for a connection: heap of 10,000 subscribed connections on sockets that hold nothing.
 * Entry file: `node --expose-gc dist/server/bench/hub-memory.js`.
 */

import { Hub } from '../hub/hub.ts';
import type { Socket } from '../hub/socket.ts';

const CONNECTIONS = 10_000;

const socket: Socket = {
  isOpen: true,
  bufferedBytes: 0,
  send: () => undefined,
  sendFrames: () => undefined,
  cork: () => undefined,
  uncork: () => undefined,
  close: () => undefined,
  terminate: () => undefined,
};
const hub = new Hub({
  clock: {
    nowMs: () => performance.now(),
    epochMs: () => Date.now(),
    hrtimeNs: () => process.hrtime.bigint(),
  },
  epoch: 'bench',
  limits: {
    messagesPerSecond: 100,
    maxBufferedBytes: 1_048_576,
    maxBufferedAgeMs: 10_000,
    maxSubscriptions: 1_000,
    maxIdleRooms: 100,
  },
  fanOut: 'framed',
  histogramBounds: { broadcastSeconds: [1], broadcastRecipients: [1] },
});

const before = usedHeapBytes();
for (let index = 0; index < CONNECTIONS; index += 1) {
  hub.subscribe(hub.connect(socket, `127.0.0.${index % 250}`), 'match:1');
}
hub.broadcast('match:1', (offset) => `{"offset":${offset}}`);
const bytes = (usedHeapBytes() - before) / CONNECTIONS;
console.log(`${Math.round(bytes)} bytes of heap a connection in one room (target < 1,000)`);

function usedHeapBytes(): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('expected node --expose-gc');
  for (let round = 0; round < 4; round += 1) gc();
  return process.memoryUsage().heapUsed;
}
