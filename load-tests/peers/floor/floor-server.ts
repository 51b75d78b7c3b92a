/**
 * The floor: the least that a Node process can do for so many readers. A bare socket server writes one prepared buffer
 * to each socket a turn: one frame where a turn has one message, 200 frames where it has 200. On a schedule the one frame
 * of each message is made then, for its time. Entry file.
 */

import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { CLOSE_FRAME } from '../../calibration/sink-frames.ts';
import { acceptUpgrade } from '../../calibration/sink-upgrade.ts';
import { OPCODE } from '../../generator/client/frame-parser.ts';
import { BOUND_BYTES } from '../contract/bounds.ts';
import { endWithHarness } from '../contract/end-with-harness.ts';
import { announce } from '../contract/peer-announcement.ts';
import { parsePeerPlan } from '../contract/peer-plan.ts';
import { Feed } from '../feed/feed.ts';
import { floorFrame, preparedTurns } from './prepared-turns.ts';

const plan = parsePeerPlan(process.argv.slice(2));
const sockets = new Set<Socket>();
const rooms = Array.from({ length: plan.rooms }, () => new Set<Socket>());
let connected = 0;
const http = createServer();

const { format, perTurn, ratePerSecond } = plan;
const turns = preparedTurns(format, perTurn);

const feed = new Feed(plan, {
  publish(seq, tsMs, room) {
    if (ratePerSecond > 0) writeToEach(room, floorFrame(format, seq, tsMs));
    else if (seq % perTurn === 0) writeToEach(room, turns[(seq / perTurn - 1) % turns.length]);
  },
  isFull() {
    for (const socket of sockets) if (socket.writableLength > BOUND_BYTES) return true;
    return false;
  },
});

function writeToEach(room: number, bytes: Buffer | undefined): void {
  if (bytes === undefined) return;
  for (const socket of rooms[room] ?? []) socket.write(bytes);
}

http.on('upgrade', (request: IncomingMessage, socket: Socket) => {
  const room = rooms[connected++ % rooms.length];
  const leave = () => {
    sockets.delete(socket);
    room?.delete(socket);
  };
  // A reader sends nothing but its close frame.
  acceptUpgrade(request, socket, {
    onFrame: ({ opcode }) => {
      if (opcode !== OPCODE.close) return;
      leave();
      socket.end(CLOSE_FRAME);
    },
  });
  socket.on('close', leave);
  sockets.add(socket);
  room?.add(socket);
  feed.connected(sockets.size);
});

http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  const address = http.address();
  if (address === null || typeof address === 'string') return;
  announce({
    type: 'listening',
    port: address.port,
    path: '/',
    pid: process.pid,
    version: `socket.write, node ${process.versions.node}`,
  });
});

endWithHarness(() => {
  feed.stop();
  for (const socket of sockets) socket.destroy();
  http.close();
});
