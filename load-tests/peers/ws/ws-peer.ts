/** Plain `ws`, as its README broadcasts: one `send` for each client. Entry file; see ../README.md. */

import { type WebSocket, WebSocketServer } from 'ws';
import { BOUND_BYTES } from '../contract/bounds.ts';
import { endWithHarness } from '../contract/end-with-harness.ts';
import { packageVersion } from '../contract/package-version.ts';
import { announce } from '../contract/peer-announcement.ts';
import { parsePeerPlan } from '../contract/peer-plan.ts';
import { Feed } from '../feed/feed.ts';
import { binaryTick, makeTick } from '../feed/tick.ts';

const plan = parsePeerPlan(process.argv.slice(2));
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });

const rooms = Array.from({ length: plan.rooms }, () => new Set<WebSocket>());

const feed = new Feed(plan, {
  publish(seq, tsMs, room) {
    const message = plan.format === 'json' ? JSON.stringify(makeTick(seq, tsMs)) : binaryTick(seq, tsMs);
    for (const client of rooms[room] ?? []) client.send(message);
  },
  isFull() {
    for (const client of server.clients) if (client.bufferedAmount > BOUND_BYTES) return true;
    return false;
  },
});

let connected = 0;
server.on('connection', (socket) => {
  const room = rooms[connected++ % rooms.length];
  room?.add(socket);
  socket.on('close', () => room?.delete(socket));
  socket.on('error', () => socket.terminate());
  feed.connected(server.clients.size);
});

server.on('listening', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') return;
  announce({
    type: 'listening',
    port: address.port,
    path: '/',
    pid: process.pid,
    version: `ws ${packageVersion('ws')}, node ${process.versions.node}`,
  });
});

endWithHarness(() => {
  feed.stop();
  for (const client of server.clients) client.terminate();
  server.close();
});
