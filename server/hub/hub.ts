/** Connections, rooms and what flows between them. Knows no network library, no clock of its own, no metrics. */

import { CLOSE, type CloseReason, countedClientCode } from '../protocol/close-codes.ts';
import type { FanOutMode } from '../protocol/fan-out-modes.ts';
import { ROOM_HISTORY_LENGTH, type RoomPosition } from '../protocol/messages.ts';
import type { Clock } from './clock.ts';
import { CLOSED_RING_CAPACITY, type ClosedConnection, ClosedRing } from './closed-ring.ts';
import { Connection, type ConnectionLimits } from './connection.ts';
import { FanOut } from './fan-out.ts';
import { type HubCollections, PLAIN_COLLECTIONS } from './hub-collections.ts';
import { HubCounters, type HubHistogramBounds, type SlowLimit } from './hub-counters.ts';
import type { HistoryPage, Recovery } from './room.ts';
import { RoomDirectory, type RoomTotals } from './room-directory.ts';
import type { Socket } from './socket.ts';

/** How long a connection that is being closed may take over the closing handshake. */
const CLOSING_GRACE_MS = 5_000;
/** Most bytes that a turn's messages of a room are written in at once, where members may have that many unsent. */
const MAX_BATCH_BYTES = 65_536;
/** A close frame cannot get through a full socket, so a slow consumer gets little time for it. */
const SLOW_CLOSING_GRACE_MS = 1_000;

export interface HubLimits extends ConnectionLimits {
  readonly maxSubscriptions: number;
  readonly maxIdleRooms: number;
}

export interface HubOptions {
  readonly clock: Clock;
  readonly limits: HubLimits;
  /** Differs from every other run of the server; rooms and connection ids carry it. */
  readonly epoch: string;
  readonly histogramBounds: HubHistogramBounds;
  /** How broadcasts are written. @defaultValue coalesced */
  readonly fanOut?: FanOutMode;
  /** Calls back when this turn of the event loop is over. @defaultValue setImmediate */
  readonly atEndOfTurn?: (flush: () => void) => void;
  readonly collections?: HubCollections;
  /** Whether broadcasts go into the histograms now; always unless told. */
  readonly timing?: { readonly isOn: boolean };
}

/** How a connection ended, as the transport saw it. */
export interface ConnectionEnd {
  readonly code: number;
  readonly reason: string;
}

/** Where the new member stands, and what it missed when it asked to resume. */
export type Subscription =
  | { readonly subscribed: true; readonly position: RoomPosition; readonly recovery: Recovery | null }
  | { readonly subscribed: false; readonly reason: 'too_many_subscriptions' };

/** A page of a room's encoded messages, newest first. */
export interface RoomPage extends RoomPosition {
  readonly messages: readonly string[];
}

export class Hub {
  readonly counters: HubCounters;
  readonly #options: HubOptions;
  readonly #fanOut: FanOut;
  readonly #connections: Set<Connection>;
  /** Connections in their closing handshake, and when (monotonic ms) their time is over. */
  readonly #closing = new Map<Connection, number>();
  readonly #closedRing = new ClosedRing();
  readonly #rooms: RoomDirectory;
  #connectionNumber = 0;

  constructor(options: HubOptions) {
    this.#options = options;
    this.counters = new HubCounters(options.histogramBounds);
    this.#fanOut = new FanOut({
      mode: options.fanOut ?? 'coalesced',
      counters: this.counters,
      nowMs: options.clock.nowMs,
      atEndOfTurn: options.atEndOfTurn ?? setImmediate,
      maxBatchBytes: Math.min(MAX_BATCH_BYTES, options.limits.maxBufferedBytes / 2),
      onSlow: (connection, limit) => this.endSlow(connection, limit),
      timing: options.timing ?? { isOn: true },
    });
    const collections = options.collections ?? PLAIN_COLLECTIONS;
    this.#connections = collections.connections();
    const { maxIdleRooms } = options.limits;
    this.#rooms = new RoomDirectory({ processEpoch: options.epoch, maxIdleRooms, collections });
  }

  /** Differs from every other run of the server. */
  get epoch(): string {
    return this.#options.epoch;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** How broadcasts are written; may be changed at any time. */
  get fanOut(): FanOutMode {
    return this.#fanOut.mode;
  }

  set fanOut(mode: FanOutMode) {
    this.#fanOut.mode = mode;
  }

  connections(): Iterable<Connection> {
    return this.#connections;
  }

  closedConnections(): readonly ClosedConnection[] {
    return this.#closedRing.newestFirst();
  }

  /**
   * Takes in a connection whose handshake is done.
   *
   * @param limits its own, where they are not those of the hub
   */
  connect(
    socket: Socket,
    remoteAddress: string,
    limits: ConnectionLimits = this.#options.limits,
  ): Connection {
    const { clock, epoch } = this.#options;
    this.#connectionNumber += 1;
    const id = `${epoch}-${this.#connectionNumber.toString(36)}`;
    const times = { openedAt: clock.epochMs(), openedMonotonicMs: clock.nowMs() };
    const connection = new Connection(socket, { id, remoteAddress, ...times }, limits);
    this.#connections.add(connection);
    this.counters.opened += 1;
    return connection;
  }

  /** The socket is gone: forgets the connection, but for its entry in the ring of closed ones. */
  disconnected(connection: Connection, end: ConnectionEnd): void {
    if (!this.#connections.delete(connection)) return;
    this.#closing.delete(connection);
    this.#leaveAllRooms(connection);
    const { closing } = connection;
    const { code, reason } = closing ?? end;
    // Whoever still holds it must not end it again.
    connection.closing = closing ?? CLOSE.lost;
    this.counters.countClose(closing === null ? countedClientCode(code) : code);
    this.#closedRing.add({
      id: connection.id,
      remoteAddress: connection.remoteAddress,
      clientId: connection.clientId,
      openedAt: connection.openedAt,
      closedAt: this.clock.epochMs(),
      code,
      reason,
      initiator: closing === null ? 'client' : 'server',
      receivedMessages: connection.receivedMessages,
      sentMessages: connection.sentMessages,
      sentPayloadBytes: connection.sentPayloadBytes,
      peakBufferedBytes: connection.backpressure.peakBytes,
    });
  }

  /** Adds the connection to the room. Again while it is a member, it changes nothing and answers anew. */
  subscribe(connection: Connection, key: string, since?: RoomPosition): Subscription {
    const { maxSubscriptions, maxBufferedBytes } = this.#options.limits;
    const rooms = connection.rooms ?? new Set<string>();
    if (!rooms.has(key) && rooms.size >= maxSubscriptions) {
      return { subscribed: false, reason: 'too_many_subscriptions' };
    }
    const room = this.#rooms.obtain(key);
    rooms.add(room.key);
    connection.rooms = rooms;
    room.audience.join(connection);
    if (since === undefined) return { subscribed: true, position: room.position, recovery: null };
    // Half the send buffer, less what waits: many resumed at once must not make their reader a slow consumer.
    const recovery = room.recover(since, maxBufferedBytes / 2 - connection.socket.bufferedBytes);
    this.counters.resumesByResult[recovery.recovered ? 'recovered' : recovery.reason] += 1;
    if (recovery.recovered) this.counters.resumedMessages += recovery.missed.length;
    return { subscribed: true, position: room.position, recovery };
  }

  /**
   * Takes the connection out of the room.
   *
   * @returns the last offset that was sent to it there, or null when it was no member
   */
  unsubscribe(connection: Connection, key: string): number | null {
    if (connection.rooms === null || !connection.rooms.has(key)) return null;
    this.#settle(connection);
    // Unless it was found slow: then it has no rooms any more.
    connection.rooms?.delete(key);
    return this.#leave(connection, key);
  }

  /**
   * Publishes one message to a room: encoded once, kept for resume, handed to every member, at the latest at the end of
   * this turn.
   *
   * @param encode gives the message's JSON for the offset it gets
   */
  broadcast(key: string, encode: (offset: number) => string): RoomPosition {
    const room = this.#rooms.obtain(key);
    const text = encode(room.offset + 1);
    room.append(text);
    const { position } = room;
    this.counters.broadcasts += 1;
    this.#fanOut.publish(room.audience, text);
    this.#rooms.settle(room);
    return position;
  }

  /** What the room still keeps; a room that does not exist has nothing. */
  history(key: string, page: HistoryPage): RoomPage {
    const room = this.#rooms.find(key);
    if (room === undefined) return { epoch: this.#rooms.epoch, offset: 0, messages: [] };
    return { ...room.position, messages: room.recent(page) };
  }

  /** Sends one message to one connection, in order with the messages of its rooms. */
  reply(connection: Connection, text: string): void {
    this.#settle(connection);
    const payloadBytes = Buffer.byteLength(text);
    const result = connection.send(text, payloadBytes, this.clock.nowMs());
    if (result === 'sent' || result === 'buffered') {
      this.counters.replies += 1;
      this.counters.sentPayloadBytes += payloadBytes;
    } else if (result !== 'ended') {
      this.endSlow(connection, result);
    }
  }

  /** Starts to close a connection: out of its rooms at once, cut by {@link sweep} when its grace is over. */
  end(connection: Connection, reason: CloseReason, graceMs = CLOSING_GRACE_MS): void {
    // A slow consumer has enough to read before its close frame.
    if (reason !== CLOSE.slowConsumer) this.#settle(connection);
    if (connection.closing !== null || !this.#connections.has(connection)) return;
    connection.closing = reason;
    this.#leaveAllRooms(connection);
    this.#closing.set(connection, this.clock.nowMs() + graceMs);
    connection.socket.close(reason.code, reason.reason);
  }

  /** Cuts a connection without a handshake. */
  cut(connection: Connection, reason: CloseReason): void {
    this.end(connection, reason, 0);
    connection.socket.terminate();
  }

  /** Closes a connection that passed one of its limits. */
  endSlow(connection: Connection, limit: SlowLimit): void {
    if (connection.closing !== null) return;
    this.counters.slowClosedByLimit[limit] += 1;
    this.end(connection, CLOSE.slowConsumer, SLOW_CLOSING_GRACE_MS);
  }

  /** Finds slow consumers that nobody sends to, and cuts connections whose closing took too long. */
  sweep(): void {
    const nowMs = this.clock.nowMs();
    for (const connection of this.#connections) {
      if (connection.closing !== null) continue;
      if (!connection.socket.isOpen) {
        this.#endAbandoned(connection);
        continue;
      }
      const limit = connection.backpressure.limitPassed(connection.socket.bufferedBytes, 0, nowMs);
      if (limit !== null) this.endSlow(connection, limit);
    }
    for (const [connection, deadlineMs] of this.#closing) {
      if (nowMs >= deadlineMs) connection.socket.terminate();
    }
  }

  roomTotals(): RoomTotals {
    return this.#rooms.totals();
  }

  /** Sizes of everything that is tracked here. Only what is named History or Ring may outlive the connections. */
  lifecycle(): Readonly<Record<string, number>> {
    const { count, subscriptions } = this.roomTotals();
    let connectionRooms = 0;
    for (const connection of this.#connections) connectionRooms += connection.subscriptions;
    return {
      'hub.connections': this.#connections.size,
      'hub.connectionRooms': connectionRooms,
      'hub.closing': this.#closing.size,
      'hub.waitingRooms': this.#fanOut.waiting,
      'hub.rooms': count - this.#rooms.idleSize,
      'hub.roomMembers': subscriptions,
      'hub.idleRoomsHistory': this.#rooms.idleSize,
      'hub.messagesHistory': this.#rooms.historyLength(),
      'hub.closedRing': this.#closedRing.size,
    };
  }

  /** The most that each structure named History or Ring may hold. */
  lifecycleBounds(): Readonly<Record<string, number>> {
    return {
      'hub.idleRoomsHistory': this.#options.limits.maxIdleRooms,
      'hub.messagesHistory': ROOM_HISTORY_LENGTH * this.#rooms.size,
      'hub.closedRing': CLOSED_RING_CAPACITY,
    };
  }

  /** The client began to close and then kept its end of the socket: the close stays the client's. */
  #endAbandoned(connection: Connection): void {
    if (this.#closing.has(connection)) return;
    this.#leaveAllRooms(connection);
    this.#closing.set(connection, this.clock.nowMs() + CLOSING_GRACE_MS);
  }

  #leaveAllRooms(connection: Connection): void {
    if (connection.rooms === null) return;
    for (const key of connection.rooms) this.#leave(connection, key);
    connection.rooms = null;
  }

  #leave(connection: Connection, key: string): number {
    const room = this.#rooms.find(key);
    if (room === undefined) return 0;
    room.audience.leave(connection);
    this.#rooms.settle(room);
    return room.offset;
  }

  /** Writes to a connection what its rooms owe it of this turn: what comes next must not overtake that. */
  #settle(connection: Connection): void {
    if (this.#fanOut.waiting === 0 || connection.rooms === null) return;
    for (const key of connection.rooms) {
      const room = this.#rooms.find(key);
      if (room !== undefined) this.#fanOut.settle(room.audience, connection);
    }
  }
}
