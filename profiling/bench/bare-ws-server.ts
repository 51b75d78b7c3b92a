/**
 * What most people write first: `ws`, a Set of clients, `send` for each. The bench measures the reference
 * server beside it, in the same run. Entry file: `node --expose-gc bare-ws-server.js`, talks over IPC.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';

let offset = 0;
const http = createServer(publish);
const sockets = new WebSocketServer({ server: http, path: '/ws', perMessageDeflate: false });

sockets.on('connection', (socket) => {
  socket.on('message', answer);
  socket.send('{"type":"welcome"}');
});

function answer(this: WebSocket, data: RawData): void {
  const { type, matchId } = JSON.parse(data.toString()) as { type: string; matchId: number };
  if (type === 'subscribe') this.send(JSON.stringify({ type: 'subscribed', matchId, epoch: 'bare', offset }));
  else this.send(JSON.stringify({ type: 'unsubscribed', matchId, offset }));
}

async function publish(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { minute, text } = JSON.parse(body) as { minute: number; text: string };
  const matchId = Number(request.url?.split('/')[2]);
  offset += 1;
  const data = {
    id: offset,
    minute,
    text,
    createdAt: Date.now(),
    publishedAtNs: String(process.hrtime.bigint()),
  };
  const message = JSON.stringify({ type: 'commentary', matchId, offset, data });
  for (const client of sockets.clients) client.send(message);
  response.writeHead(201, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ matchId, epoch: 'bare', offset, ...data }));
}

process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ type: 'collected' });
});
process.on('disconnect', () => {
  for (const client of sockets.clients) client.terminate();
  http.close();
});

http.listen(0, '127.0.0.1', () => {
  const { port } = http.address() as AddressInfo;
  process.send?.({
    type: 'listening',
    pid: process.pid,
    wsUrl: `ws://127.0.0.1:${port}/ws`,
    httpUrl: `http://127.0.0.1:${port}`,
  });
});
