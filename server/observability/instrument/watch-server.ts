/** Watches a `ws` server: each connection as it opens, and the upgrades that never became one. */

import { watchConnection } from './watched-connection.ts';
import type { WsCounters } from './ws-counters.ts';
import type { InstrumentableServer, InstrumentableWebSocket, StreamBeneath } from './ws-shapes.ts';

type UpgradeDone = (this: unknown, webSocket: InstrumentableWebSocket, ...rest: unknown[]) => unknown;

/**
 * Stands before `handleUpgrade`, where every connection passes, whoever listens to what and in whatever mode the server runs.
 * What is theirs is called as it would have been, and sees its own errors only.
 *
 * @returns ends the watching
 */
export function watchServer(server: InstrumentableServer, counters: WsCounters): () => void {
  let isWatching = true;
  const { handleUpgrade } = server;
  const watchedUpgrade = (request: unknown, socket: unknown, head: unknown, done: unknown): void => {
    if (!isWatching || !isStream(socket) || !isFunction(done)) {
      handleUpgrade.call(server, request, socket, head, done);
      return;
    }
    const refused = countRefusal(socket, counters);
    const opened: UpgradeDone = function (webSocket, ...rest) {
      socket.removeListener('close', refused);
      if (isWatching) watchConnection(webSocket, { server, stream: socket, counters });
      return done.call(this, webSocket, ...rest);
    };
    handleUpgrade.call(server, request, socket, head, opened);
  };
  server.handleUpgrade = watchedUpgrade;
  for (const webSocket of server.clients ?? []) {
    watchConnection(webSocket, { server, stream: streamBeneath(webSocket), counters });
  }
  return () => {
    isWatching = false;
    // Where somebody wrapped ours it stays beneath, and lets everything pass.
    if (server.handleUpgrade === watchedUpgrade) server.handleUpgrade = handleUpgrade;
    counters.releaseAll(server);
  };
}

/** A socket that closes before its upgrade is done was refused if it was answered; else the client went away itself. */
function countRefusal(socket: StreamBeneath, counters: WsCounters): () => void {
  const before = socket.bytesWritten ?? 0;
  const refused = () => {
    if (socket.bytesWritten === undefined || socket.bytesWritten > before) counters.upgradesRefused += 1;
  };
  socket.once('close', refused);
  return refused;
}

/** Of a connection that was open before: ws keeps it in a property that is not documented. */
function streamBeneath(webSocket: InstrumentableWebSocket): StreamBeneath | null {
  const { _socket: socket } = webSocket as { readonly _socket?: unknown };
  return isStream(socket) ? socket : null;
}

function isStream(socket: unknown): socket is StreamBeneath {
  return typeof socket === 'object' && socket !== null && 'once' in socket && 'removeListener' in socket;
}

function isFunction(done: unknown): done is UpgradeDone {
  return typeof done === 'function';
}
