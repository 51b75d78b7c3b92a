/**
 * A server that is none of ours and speaks the part of server/PROTOCOL.md that matches need: plain `ws` and node:http, no
 * metrics, no admin port. A function of its own is planted that takes most of its time for each message. Entry file:
 * forked by attach.e2e.test.ts, tells its port.
 */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const EPOCH = 'foreign';
const rooms = new Map();

function roomOf(matchId) {
  let room = rooms.get(matchId);
  if (room === undefined) {
    room = { offset: 0, members: new Set() };
    rooms.set(matchId, room);
  }
  return room;
}

function plantedHotFunction(milliseconds) {
  const end = performance.now() + milliseconds;
  let work = 0;
  while (performance.now() < end) for (let step = 0; step < 1_000; step += 1) work += Math.sqrt(step);
  return work;
}

function publish(matchId, { minute, text }) {
  const room = roomOf(matchId);
  plantedHotFunction(20);
  room.offset += 1;
  const publishedAtNs = String(process.hrtime.bigint());
  const data = { id: room.offset, minute, text, createdAt: Date.now(), publishedAtNs };
  const message = JSON.stringify({ type: 'commentary', matchId, offset: room.offset, data });
  for (const member of room.members) member.send(message);
  return { matchId, epoch: EPOCH, offset: room.offset, ...data };
}

const http = createServer(async (request, response) => {
  const matchId = Number(/^\/matches\/(\d+)\/commentary$/.exec(request.url)?.[1]);
  if (request.method !== 'POST' || Number.isNaN(matchId)) return response.writeHead(404).end();
  let body = '';
  for await (const part of request) body += part;
  const answer = JSON.stringify(publish(matchId, JSON.parse(body)));
  response.writeHead(201, { 'content-type': 'application/json' }).end(answer);
});

const answers = {
  subscribe(socket, { matchId }) {
    const room = roomOf(matchId);
    room.members.add(socket);
    return { type: 'subscribed', matchId, epoch: EPOCH, offset: room.offset };
  },
  unsubscribe(socket, { matchId }) {
    const room = roomOf(matchId);
    room.members.delete(socket);
    return { type: 'unsubscribed', matchId, offset: room.offset };
  },
  ping: () => ({ type: 'pong' }),
};

let guests = 0;
new WebSocketServer({ server: http, path: '/ws' }).on('connection', (socket) => {
  guests += 1;
  const name = `guest-${EPOCH}-${guests}`;
  const clock = {
    hrtimeNs: String(process.hrtime.bigint()),
    epochNs: String(BigInt(Date.now()) * 1_000_000n),
  };
  socket.send(
    JSON.stringify({ type: 'welcome', user_id: name, username: name, connectionId: String(guests), clock }),
  );
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const event = JSON.parse(data.toString());
    const answer = answers[event.type]?.(socket, event);
    if (answer !== undefined) socket.send(JSON.stringify(answer));
  });
  socket.on('close', () => {
    for (const room of rooms.values()) room.members.delete(socket);
  });
});
http.listen(0, '127.0.0.1', () => process.send?.({ port: http.address().port }));
process.once('disconnect', () => process.exit());
