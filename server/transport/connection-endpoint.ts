/** What an engine tells the rest of the server about its connections, and what it needs to know of them. */

import type { Connection } from '../hub/connection.ts';
import type { ConnectionEnd } from '../hub/hub.ts';
import type { Socket } from '../hub/socket.ts';
import type { CloseReason } from '../protocol/close-codes.ts';

/** Where a connection comes from, and what it asked for. */
export interface ConnectionRequest {
  readonly remoteAddress: string;
  /** Of the upgrade request's URL. */
  readonly query: URLSearchParams;
}

/** A request that was let in, and who takes its connection. */
export interface AcceptedRequest extends ConnectionRequest {
  readonly endpoint: ConnectionEndpoint;
}

/** Who is told what happens on the connections of one endpoint. */
export interface ConnectionEndpoint {
  opened(socket: Socket, request: ConnectionRequest): Connection;
  /**
   * @param data valid during this call
   * @returns false when the connection is over its rate, so that it is read more slowly
   */
  received(connection: Connection, data: Buffer, isBinary: boolean): boolean;
  /** A ping, or a pong that nobody asked for. @returns false when it is over the rate, and not to be answered */
  receivedControl(connection: Connection): boolean;
  /** The connection cannot go on: its frames break RFC 6455, or a defect of ours. */
  broken(connection: Connection, reason: CloseReason): void;
  /** Nothing came for a whole heartbeat. */
  unresponsive(connection: Connection): void;
  closed(connection: Connection, end: ConnectionEnd): void;
}

export interface TransportOptions {
  readonly maxPayloadBytes: number;
  /** The most unsent bytes that any of our limits allows: an engine with a limit of its own sets it above. */
  readonly maxBufferedBytes: number;
  readonly heartbeatMs: number;
  /** After this, the engine itself ends a closing handshake; hub and drain end it sooner. */
  readonly closeTimeoutMs: number;
  /** Whether clients may have their messages compressed (permessage-deflate). */
  readonly isCompressing: boolean;
  /** Monotonic ms. */
  readonly nowMs: () => number;
  /** A fault puts itself between hub and socket; absent without one. */
  readonly wrapSocket?: (socket: Socket) => Socket;
  /** A fault comes between the end of a socket and those who are told by `notice`; absent without one. */
  readonly socketEnded?: (socket: Socket, notice: () => void) => void;
  /** The connection exists now. */
  readonly onOpened: (connection: Connection) => void;
  /** The connection is gone: whatever was set up for it is to be taken back. */
  readonly onClosed: (connection: Connection) => void;
  /** An error of ours while a message was handled. */
  readonly onDefect: (error: unknown) => void;
}
