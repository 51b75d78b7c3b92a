/** The leaks that are switched on, as what the hub and the transport plug in. */

import type { EventEmitter } from 'node:events';
import type { Connection } from '../hub/connection.ts';
import { type HubCollections, PLAIN_COLLECTIONS } from '../hub/hub-collections.ts';
import type { ConnectionLeak } from './connection-leak.ts';
import { CountedShare } from './counted-share.ts';
import type { FaultBoard } from './fault-board.ts';
import { LeakedBuffers } from './leaked-buffers.ts';
import { LeakedClosures } from './leaked-closures.ts';
import { LeakedListeners } from './leaked-listeners.ts';
import { LeakedSessions } from './leaked-sessions.ts';
import { LeakedSockets } from './leaked-sockets.ts';
import { LeakedTimers } from './leaked-timers.ts';
import { LeakySet } from './leaky-set.ts';
import { UnboundedHistory } from './unbounded-history.ts';

export interface Leaks {
  readonly collections: HubCollections;
  /** Told of every connection that opens and ends; they do nothing without a leak. */
  connectionOpened(connection: Connection): void;
  connectionEnded(connection: Connection): void;
  /** Connections come from this HTTP server. */
  servedBy(server: EventEmitter): void;
  /** Lets go of connections that leaked, for a drain waits until the hub has none. */
  releaseConnections(): void;
  stop(): void;
}

/** @param nowMs monotonic ms */
export function createLeaks(board: FaultBoard, nowMs: () => number): Leaks {
  const listeners = board.when('leak-listeners', (percent) => new LeakedListeners(percent));
  const sockets = board.when('leak-sockets', (percent) => new LeakedSockets(percent));
  const clinging: readonly ConnectionLeak[] = [
    listeners,
    sockets,
    board.when('leak-timers', (percent) => new LeakedTimers(percent, nowMs)),
    board.when('leak-buffers', (percent) => new LeakedBuffers(percent)),
    board.when('leak-sessions', (percent) => new LeakedSessions(percent, nowMs)),
    board.when('leak-closures', (percent) => new LeakedClosures(percent)),
  ].filter((leak) => leak !== undefined);
  const connections = board.when('leak-connections', (percent) => new CountedShare(percent));
  const leaked: LeakySet<Connection>[] = [];
  return {
    collections: {
      ...leakyRooms(board),
      connections:
        connections === undefined
          ? PLAIN_COLLECTIONS.connections
          : () => {
              const set = new LeakySet<Connection>(connections);
              leaked.push(set);
              return set;
            },
    },
    connectionOpened(connection) {
      for (const leak of clinging) leak.opened(connection);
    },
    connectionEnded(connection) {
      for (const leak of clinging) leak.ended(connection);
    },
    servedBy(server) {
      listeners?.servedBy(server);
      sockets?.servedBy(server);
    },
    releaseConnections() {
      for (const set of leaked) set.stopLeaking();
    },
    stop() {
      for (const leak of clinging) leak.stop();
    },
  };
}

function leakyRooms(board: FaultBoard): Pick<HubCollections, 'members' | 'history'> {
  const members = board.when('leak-room-members', (percent) => new CountedShare(percent));
  const messages = board.when('unbounded-history', (percent) => new CountedShare(percent));
  return {
    members: members === undefined ? PLAIN_COLLECTIONS.members : () => new LeakySet(members),
    history: messages === undefined ? PLAIN_COLLECTIONS.history : () => new UnboundedHistory(messages),
  };
}
