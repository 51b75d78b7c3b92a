/**
 * Everything that `/debug/lifecycle` and `/debug/class-counts` can name: what it is, in plain words, and the line of
 * the server that should have let it go. The profiler finds the line's number by its text.
 */

/** A line of the server's source. */
export interface ReleasePoint {
  /** Path from the root of the project. */
  readonly file: string;
  /** `Class.method` or the function. */
  readonly method: string;
  /** Text that stands in exactly one line of the file. */
  readonly code: string;
}

export interface LifecycleEntry {
  readonly title: string;
  /** `returns`: back at its baseline when everyone has left. `bounded`: outlives the connections, up to its bound. */
  readonly kind: 'returns' | 'bounded';
  readonly releasedBy: ReleasePoint;
}

const returns = (title: string, releasedBy: ReleasePoint) =>
  ({ title, kind: 'returns', releasedBy }) as const satisfies LifecycleEntry;
const bounded = (title: string, releasedBy: ReleasePoint) =>
  ({ title, kind: 'bounded', releasedBy }) as const satisfies LifecycleEntry;

const HUB = 'server/hub/hub.ts';
const ROOMS = 'server/hub/room-directory.ts';
const PEERS = 'server/transport/peers.ts';
const HEARTBEAT = 'server/transport/heartbeat.ts';
const READERS = 'server/features/ticks/feed-readers.ts';
const DRAIN = 'server/transport/drain.ts';

const CONNECTION_FORGOTTEN: ReleasePoint = {
  file: HUB,
  method: 'Hub.disconnected',
  code: 'this.#connections.delete(connection)',
};
const ROOM_FORGOTTEN: ReleasePoint = {
  file: ROOMS,
  method: 'RoomDirectory.settle',
  code: 'this.#rooms.delete(room.key)',
};
const PEER_FORGOTTEN: ReleasePoint = {
  file: PEERS,
  method: 'Peers.closed',
  code: 'this.heartbeat.remove(peer, peer.heartbeatBucket)',
};
/** Whoever sets something up for a connection takes it back where this is called. */
const CONNECTION_CLOSED: ReleasePoint = {
  file: PEERS,
  method: 'Peers.closed',
  code: 'this.#options.onClosed(peer.connection)',
};
const REQUEST_ANSWERED: ReleasePoint = {
  file: 'server/transport/upgrade-requests.ts',
  method: 'onHandshake',
  code: 'lastAnswers.set(socket, response)',
};

/** Structures by their name in `structures`, and the two figures beside them. */
export const LIFECYCLE_CATALOGUE = {
  'hub.connections': returns('Connections in the hub', CONNECTION_FORGOTTEN),
  'hub.connectionRooms': returns('Rooms that connections think they are in', {
    file: HUB,
    method: 'Hub.#leaveAllRooms',
    code: 'connection.rooms = null;',
  }),
  'hub.closing': returns('Connections in their closing handshake', {
    file: HUB,
    method: 'Hub.disconnected',
    code: 'this.#closing.delete(connection)',
  }),
  'hub.rooms': returns('Rooms with members', ROOM_FORGOTTEN),
  'hub.roomMembers': returns('Members of rooms', {
    file: HUB,
    method: 'Hub.#leave',
    code: 'room.audience.leave(connection)',
  }),
  'hub.waitingRooms': returns('Rooms whose messages wait for the end of the turn', {
    file: 'server/hub/fan-out.ts',
    method: 'FanOut.flush',
    code: 'this.#waiting.splice(0)',
  }),
  'hub.idleRoomsHistory': bounded('Empty rooms kept for those who come back', {
    file: ROOMS,
    method: 'RoomDirectory.#evictOldest',
    code: 'this.#idle.delete(oldest)',
  }),
  'hub.messagesHistory': bounded('Messages kept for resume', {
    file: 'server/hub/room-history.ts',
    method: 'RoomHistory.keep',
    code: '% ROOM_HISTORY_LENGTH] = text',
  }),
  'hub.closedRing': bounded('Closed connections kept for /debug/connections', {
    file: 'server/hub/closed-ring.ts',
    method: 'ClosedRing.add',
    code: 'this.#entries[this.#next] = entry',
  }),
  'upgrade.addresses': returns('Client addresses that hold connections', {
    file: 'server/transport/address-counts.ts',
    method: 'AddressCounts.remove',
    code: 'counts.delete(address)',
  }),
  'heartbeat.peers': returns('Connections watched by the heartbeat', PEER_FORGOTTEN),
  'heartbeat.timers': returns('Timers of the heartbeat', {
    file: HEARTBEAT,
    method: 'Heartbeat.stop',
    code: 'clearInterval(this.#timer)',
  }),
  'websocket.paused': returns('Connections that are read slowly for being over their rate', {
    file: PEERS,
    method: 'Peers.closed',
    code: 'this.overRate.forget(peer)',
  }),
  'ticks.readers': returns('Readers of the tick feed', {
    file: READERS,
    method: 'FeedReaders.remove',
    code: 'this.#readers.delete(connection)',
  }),
  'ticks.writesUnderWay': returns('Writes to readers that some kernel has not taken', {
    file: READERS,
    method: 'FeedReaders.remove',
    code: 'left.flushed += reader.leave(isClean)',
  }),
  'ticks.timers': returns('Timers of the tick feed', {
    file: 'server/features/ticks/ticks.ts',
    method: 'Ticks.stop',
    code: 'part.stop()',
  }),
  'ticks.clientsHistory': bounded('Names and figures that clients gave', {
    file: 'server/features/ticks/client-reports.ts',
    method: 'ClientReports.#keep',
    code: 'this.#byName.delete(oldest)',
  }),
  'drain.timers': returns('Timers of the drain', {
    file: DRAIN,
    method: 'Drain.#clearTimers',
    code: 'if (this.#batchTimer !== null) clearTimeout(this.#batchTimer)',
  }),
  'faults.heldMessages': returns('Messages held back by a fault', {
    file: 'server/faults/delay-line.ts',
    method: 'DelayLine.#releaseDue',
    code: 'this.#queue.splice(0, due)',
  }),
  timers: returns('Timers that keep the process alive', CONNECTION_CLOSED),
  openFds: returns('Open file descriptors', CONNECTION_CLOSED),
} as const satisfies Record<string, LifecycleEntry>;

/** Emitters in `listeners`, by the part of the key before the colon. */
export const LISTENER_CATALOGUE = {
  process: returns('Listeners on the process', CONNECTION_CLOSED),
  httpServer: returns('Listeners on the HTTP server', CONNECTION_CLOSED),
  webSocketServer: returns('Listeners on the WebSocket server', CONNECTION_CLOSED),
  adminServer: returns('Listeners on the admin port', CONNECTION_CLOSED),
} as const satisfies Record<string, LifecycleEntry>;

/** Classes in `counts`. */
export const CLASS_CATALOGUE = {
  Connection: returns("Connections (the hub's view)", CONNECTION_FORGOTTEN),
  Room: returns('Rooms', ROOM_FORGOTTEN),
  Peer: returns("Peers (the transport's view of connections)", PEER_FORGOTTEN),
  WebSocket: returns('WebSockets of the library ws', PEER_FORGOTTEN),
  Socket: returns('TCP sockets', PEER_FORGOTTEN),
  IncomingMessage: returns('HTTP requests', REQUEST_ANSWERED),
  ServerResponse: returns('HTTP responses', REQUEST_ANSWERED),
  Timeout: returns('Timers', CONNECTION_CLOSED),
  Buffer: returns('Buffers', CONNECTION_CLOSED),
} as const satisfies Record<string, LifecycleEntry>;

/** What is known of a figure in `structures`, or of `timers` and `openFds`; undefined for a name of another server. */
export function structureEntry(name: string): LifecycleEntry | undefined {
  return lookUp(LIFECYCLE_CATALOGUE, name);
}

/** What is known of a key in `listeners` (`httpServer:close`). */
export function listenerEntry(key: string): LifecycleEntry | undefined {
  return lookUp(LISTENER_CATALOGUE, key.split(':', 1)[0] ?? '');
}

/** What is known of a class in `counts`. */
export function classEntry(name: string): LifecycleEntry | undefined {
  return lookUp(CLASS_CATALOGUE, name);
}

function lookUp(
  catalogue: Readonly<Record<string, LifecycleEntry>>,
  key: string,
): LifecycleEntry | undefined {
  return Object.hasOwn(catalogue, key) ? catalogue[key] : undefined;
}
