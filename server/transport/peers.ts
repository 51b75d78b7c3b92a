/** The live connections of an engine: who is told of them, who watches them, and what they moved over the wire. */

import type { Connection } from '../hub/connection.ts';
import type { ConnectionEnd } from '../hub/hub.ts';
import type { Socket } from '../hub/socket.ts';
import { CLOSE, type CloseReason } from '../protocol/close-codes.ts';
import type { AcceptedRequest, ConnectionEndpoint, TransportOptions } from './connection-endpoint.ts';
import { Heartbeat, type HeartbeatPeer } from './heartbeat.ts';
import { OverRatePeers, type PausablePeer } from './over-rate-peers.ts';

/** One connection of an engine. Kept small; there are many. */
export interface Peer extends Socket, HeartbeatPeer, PausablePeer {
  readonly endpoint: ConnectionEndpoint;
  /** Null until it is open. */
  connection: Connection | null;
  heartbeatBucket: number;
  /** Whether the pong to our last ping is still due. */
  isPongDue: boolean;
  readonly sentBytes: number;
}

/** Bytes over the wire. */
export interface WireBytes {
  readonly sent: number;
  readonly received: number;
}

export class Peers<EnginePeer extends Peer> {
  readonly heartbeat: Heartbeat<EnginePeer>;
  readonly overRate = new OverRatePeers<EnginePeer>();
  readonly #options: TransportOptions;
  #endedSentBytes = 0;
  #endedReceivedBytes = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.heartbeat = new Heartbeat(options);
  }

  /** Of live connections and ended ones. */
  wireBytes(): WireBytes {
    let sent = this.#endedSentBytes;
    let received = this.#endedReceivedBytes;
    this.heartbeat.forEach((peer) => {
      sent += peer.sentBytes;
      received += peer.receivedBytes;
    });
    return { sent, received };
  }

  /** The handshake is done: the connection exists from now on. */
  opened(peer: EnginePeer, { remoteAddress, query }: AcceptedRequest): void {
    peer.heartbeatBucket = this.heartbeat.add(peer);
    const socket = this.#options.wrapSocket?.(peer) ?? peer;
    const connection = peer.endpoint.opened(socket, { remoteAddress, query });
    peer.connection = connection;
    this.#options.onOpened(connection);
  }

  /**
   * Hands one message to the endpoint. A defect ends its connection, never the process.
   *
   * @param data valid during this call
   * @returns messages over the rate in this window; 0 when it was within it
   */
  received(peer: EnginePeer, data: Buffer, isBinary: boolean): number {
    const { connection } = peer;
    if (connection === null) return 0;
    try {
      return peer.endpoint.received(connection, data, isBinary) ? 0 : this.overRate.add(peer);
    } catch (error) {
      this.#options.onDefect(error);
      peer.endpoint.broken(connection, CLOSE.internalError);
      return 0;
    }
  }

  /** A ping came. @returns as {@link received} */
  pinged(peer: EnginePeer): number {
    if (peer.connection === null || peer.endpoint.receivedControl(peer.connection)) return 0;
    return this.overRate.add(peer);
  }

  /** A pong came; the one to our own ping is free. @returns as {@link received} */
  ponged(peer: EnginePeer): number {
    if (!peer.isPongDue) return this.pinged(peer);
    peer.isPongDue = false;
    return 0;
  }

  /** It cannot go on. */
  broken(peer: EnginePeer, reason: CloseReason): void {
    if (peer.connection !== null) peer.endpoint.broken(peer.connection, reason);
  }

  /** Nothing came for a whole heartbeat. */
  unresponsive(peer: EnginePeer): void {
    if (peer.connection !== null) peer.endpoint.unresponsive(peer.connection);
  }

  /** The socket is gone. */
  ended(peer: EnginePeer, end: ConnectionEnd): void {
    const { socketEnded } = this.#options;
    if (socketEnded === undefined) this.closed(peer, end);
    else socketEnded(peer, () => this.closed(peer, end));
  }

  /** Forgets a peer whose socket is gone. */
  closed(peer: EnginePeer, end: ConnectionEnd): void {
    this.heartbeat.remove(peer, peer.heartbeatBucket);
    this.overRate.forget(peer);
    this.#endedSentBytes += peer.sentBytes;
    this.#endedReceivedBytes += peer.receivedBytes;
    if (peer.connection === null) return;
    peer.endpoint.closed(peer.connection, end);
    this.#options.onClosed(peer.connection);
  }
}
