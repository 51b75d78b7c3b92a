/** One connection of the engine `ws`: the hub sends through it, the heartbeat watches it. */

import type { Socket as NetSocket } from 'node:net';
import { WebSocket } from 'ws';
import type { Connection } from '../../hub/connection.ts';
import { eachFrame } from '../../hub/frames/each-frame.ts';
import type { Socket } from '../../hub/socket.ts';
import type { ConnectionEndpoint } from '../connection-endpoint.ts';
import type { HeartbeatPeer } from '../heartbeat.ts';

const TEXT = { binary: false } as const;
const BINARY = { binary: true } as const;
const COMPRESSION = 'permessage-deflate';

/** A WebSocket that knows its peer, so that listeners are shared functions and not closures. */
export class PeerWebSocket extends WebSocket {
  peer: Peer | null = null;
}

/** Where a peer's events go: its transport. */
export interface PeerEvents {
  received(peer: Peer, data: Buffer, isBinary: boolean): void;
  pinged(peer: Peer, data: Buffer): void;
  ponged(peer: Peer): void;
  ended(peer: Peer, end: { readonly code: number; readonly reason: string }): void;
}

/** Kept small; there are many. */
export class Peer implements Socket, HeartbeatPeer {
  readonly events: PeerEvents;
  readonly endpoint: ConnectionEndpoint;
  readonly webSocket: PeerWebSocket;
  readonly stream: NetSocket;
  connection: Connection | null = null;
  receivedBytesAtPing = -1;
  heartbeatBucket = 0;
  /** Whether the pong to our last ping is still due. */
  isPongDue = false;
  readonly #isCompressed: boolean;

  constructor(
    events: PeerEvents,
    endpoint: ConnectionEndpoint,
    wire: { readonly webSocket: PeerWebSocket; readonly stream: NetSocket },
  ) {
    this.events = events;
    this.endpoint = endpoint;
    this.webSocket = wire.webSocket;
    this.stream = wire.stream;
    this.#isCompressed = wire.webSocket.extensions.includes(COMPRESSION);
  }

  get isOpen(): boolean {
    return this.webSocket.readyState === WebSocket.OPEN;
  }

  get bufferedBytes(): number {
    return this.webSocket.bufferedAmount;
  }

  get receivedBytes(): number {
    return this.stream.bytesRead;
  }

  send(data: Buffer | string, isBinary = false): void {
    if (this.isOpen) this.webSocket.send(data, isBinary ? BINARY : TEXT);
  }

  /**
   * Written past ws, which writes at once too where nothing is compressed: the order of the calls is the order on the
   * wire. A message that is compressed takes its time, so there everything goes through the queue of ws.
   */
  sendFrames(frames: Buffer): void {
    if (!this.isOpen) return;
    if (this.#isCompressed) {
      eachFrame(frames, (payload, isBinary) => this.send(Buffer.from(payload), isBinary));
    } else {
      this.stream.write(frames);
    }
  }

  cork(): void {
    this.stream.cork();
  }

  uncork(): void {
    this.stream.uncork();
  }

  close(code: number, reason: string): void {
    this.webSocket.close(code, reason);
  }

  terminate(): void {
    this.webSocket.terminate();
  }

  ping(): void {
    if (!this.isOpen) return;
    this.isPongDue = true;
    this.webSocket.ping();
  }

  heartbeatMissed(): void {
    if (this.connection !== null) this.endpoint.unresponsive(this.connection);
  }
}
