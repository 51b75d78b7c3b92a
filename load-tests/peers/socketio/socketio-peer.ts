/** Socket.IO 4 with its defaults, less long polling: `io.emit` to everyone. Entry file; see ../README.md. */

import { createServer } from 'node:http';
import { BOUND_MESSAGES } from '../contract/bounds.ts';
import { endWithHarness } from '../contract/end-with-harness.ts';
import { packageVersion } from '../contract/package-version.ts';
import { announce } from '../contract/peer-announcement.ts';
import { parsePeerPlan } from '../contract/peer-plan.ts';
import { Feed } from '../feed/feed.ts';
import { binaryTick, makeTick } from '../feed/tick.ts';

/** How far a reader is. */
interface ReaderProgress {
  /** The last message that left its write buffer for the transport. */
  flushedSeq: number;
}

const plan = parsePeerPlan(process.argv.slice(2));
const socketIo = await import('socket.io').catch(() => null);
if (socketIo === null) {
  announce({
    type: 'unavailable',
    reason: 'socket.io is not installed: npm install --no-save socket.io@4 brings it.',
  });
} else {
  serve(socketIo.Server);
}

function serve(Server: typeof import('socket.io')['Server']): void {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], serveClient: false });
  const readers = new Set<ReaderProgress>();
  let madeSeq = 0;
  const feed = new Feed(plan, {
    publish(seq, tsMs) {
      madeSeq = seq;
      io.emit('tick', plan.format === 'json' ? makeTick(seq, tsMs) : binaryTick(seq, tsMs));
    },
    isFull() {
      for (const { flushedSeq } of readers) if (madeSeq - flushedSeq > BOUND_MESSAGES) return true;
      return false;
    },
  });
  io.on('connection', (socket) => {
    const progress: ReaderProgress = { flushedSeq: madeSeq };
    readers.add(progress);
    // Engine.IO empties its write buffer when the transport has told that it wrote what it was given before.
    socket.conn.on('drain', () => {
      progress.flushedSeq = madeSeq;
    });
    socket.on('disconnect', () => readers.delete(progress));
    feed.connected(readers.size);
  });
  http.listen(0, '127.0.0.1', () => {
    const address = http.address();
    if (address === null || typeof address === 'string') return;
    announce({
      type: 'listening',
      port: address.port,
      path: '/socket.io/?EIO=4&transport=websocket',
      pid: process.pid,
      version: `socket.io ${packageVersion('socket.io')}, node ${process.versions.node}`,
    });
  });
  endWithHarness(() => {
    feed.stop();
    void io.close();
  });
}
