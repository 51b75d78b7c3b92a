/** One connection of the engine `ws`: the hub sends through it, the heartbeat watches it. */

import type { Socket as NetSocket } from 'node:net';
import { WebSocket } from 'ws';
import type { Connection } from '../../hub/connection.ts';
import { eachFrame } from '../../hub/frames/each-frame.ts';
import { bytesWrittenBy } from '../../stream-bytes.ts';
import type { ConnectionEndpoint } from '../connection-endpoint.ts';
import type { Peer, Peers } from '../peers.ts';

const TEXT = { binary: false } as const;
const BINARY = { binary: true } as const;
const COMPRESSION = 'permessage-deflate';

/** A WebSocket that knows its peer, so that listeners are shared functions and not closures. */
export class PeerWebSocket extends WebSocket {
  peer: WsPeer | null = null;
}

export class WsPeer implements Peer {
  readonly peers: Peers<WsPeer>;
  readonly endpoint: ConnectionEndpoint;
  readonly webSocket: PeerWebSocket;
  readonly stream: NetSocket;
  connection: Connection | null = null;
  receivedBytesAtPing = -1;
  heartbeatBucket = 0;
  isPongDue = false;
  readonly #isCompressed: boolean;

  constructor(
    peers: Peers<WsPeer>,
    endpoint: ConnectionEndpoint,
    wire: { readonly webSocket: PeerWebSocket; readonly stream: NetSocket },
  ) {
    this.peers = peers;
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

  get sentBytes(): number {
    return bytesWrittenBy(this.stream);
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
    this.peers.unresponsive(this);
  }

  /** What it sends meanwhile waits in the kernel, and then at its end. */
  pauseReading(): void {
    this.webSocket.pause();
  }

  resumeReading(): void {
    this.webSocket.resume();
  }
}
