/** uWebSockets.js, by its `publish` to a topic that every reader is subscribed to. Entry file; see ../README.md. */

import { BOUND_BYTES } from '../contract/bounds.ts';
import { endWithHarness } from '../contract/end-with-harness.ts';
import { packageVersion } from '../contract/package-version.ts';
import { announce } from '../contract/peer-announcement.ts';
import { parsePeerPlan } from '../contract/peer-plan.ts';
import { Feed } from '../feed/feed.ts';
import { binaryTick, makeTick } from '../feed/tick.ts';
import { type FoundUws, findUws, UWS_MISSING, type UwsSocket } from './uws-package.ts';

const TOPIC = 'ticks';
/** Beyond this uWebSockets.js leaves messages out without a word; the feed waits long before. */
const MAX_BACKPRESSURE_BYTES = 64 * BOUND_BYTES;

const plan = parsePeerPlan(process.argv.slice(2));
const found = await findUws((name) => import(name));
if (found === null) announce({ type: 'unavailable', reason: UWS_MISSING });
else serve(found);

function serve({ name, module }: FoundUws): void {
  const sockets = new Set<UwsSocket>();
  const app = module.App();
  const feed = new Feed(plan, {
    publish(seq, tsMs) {
      if (plan.format === 'json') app.publish(TOPIC, JSON.stringify(makeTick(seq, tsMs)), false);
      else app.publish(TOPIC, binaryTick(seq, tsMs), true);
    },
    isFull() {
      for (const socket of sockets) if (socket.getBufferedAmount() > BOUND_BYTES) return true;
      return false;
    },
  });
  app.ws('/*', {
    compression: 0,
    maxBackpressure: MAX_BACKPRESSURE_BYTES,
    open(socket) {
      socket.subscribe(TOPIC);
      sockets.add(socket);
      feed.connected(sockets.size);
    },
    close(socket) {
      sockets.delete(socket);
    },
  });
  app.listen('127.0.0.1', 0, (listenSocket) => {
    announce({
      type: 'listening',
      port: module.us_socket_local_port(listenSocket),
      path: '/',
      pid: process.pid,
      version: `${name} ${packageVersion(name)}, node ${process.versions.node}`,
    });
  });
  endWithHarness(() => {
    feed.stop();
    app.close();
  });
}
