/** WebSocket connections by the library ws; the only file that imports it. */

import type { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket as NetSocket } from 'node:net';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { Connection } from '../hub/connection.ts';
import type { ConnectionEnd } from '../hub/hub.ts';
import type { Socket } from '../hub/socket.ts';
import { CLOSE, type CloseReason } from '../protocol/close-codes.ts';
import { Heartbeat, type HeartbeatPeer } from './heartbeat.ts';
import { LastTextFrame } from './text-frame.ts';

/** Who is told what happens on the connections of one endpoint. */
export interface ConnectionEndpoint {
  opened(socket: Socket, remoteAddress: string): Connection;
  /** @returns false when the connection is over its rate, so that it is read more slowly */
  received(connection: Connection, data: Buffer, isBinary: boolean): boolean;
  /** A ping, or a pong that nobody asked for. @returns false when it is over the rate, and not to be answered */
  receivedControl(connection: Connection): boolean;
  /** The connection cannot go on: its frames break RFC 6455, or a defect of ours. */
  broken(connection: Connection, reason: CloseReason): void;
  /** Nothing came for a whole heartbeat. */
  unresponsive(connection: Connection): void;
  closed(connection: Connection, end: ConnectionEnd): void;
}

export interface WebSocketTransportOptions {
  readonly endpoint: ConnectionEndpoint;
  readonly maxPayloadBytes: number;
  readonly heartbeatMs: number;
  /** After this, ws itself ends a closing handshake; hub and drain end it sooner. */
  readonly closeTimeoutMs: number;
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

/** A message of 64 KiB has no need of more. */
const MAX_FRAGMENTS = 1_024;
/** Segments one frame may come in: 64 KiB in segments of 16 bytes. */
const MAX_BUFFERED_CHUNKS = 4_096;
const TEXT = { binary: false } as const;
/** Who is over its rate is read again after this; what it sends meanwhile waits in the kernel, and then at its end. */
const OVER_RATE_PAUSE_MS = 100;

/** What ws calls a broken frame, and the close code that it answered with. Anything else is 1002. */
const BROKEN = new Map<string, CloseReason>([
  ['WS_ERR_INVALID_UTF8', CLOSE.invalidText],
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', CLOSE.tooLarge],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', CLOSE.tooLarge],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', CLOSE.tooManyFragments],
]);

/** A WebSocket that knows its peer, so that listeners are shared functions and not closures. */
class PeerWebSocket extends WebSocket {
  peer: Peer | null = null;
}

/** One connection here: the hub sends through it, the heartbeat watches it. Kept small; there are many. */
class Peer implements Socket, HeartbeatPeer {
  readonly transport: WebSocketTransport;
  readonly webSocket: PeerWebSocket;
  readonly stream: NetSocket;
  connection: Connection | null = null;
  receivedBytesAtPing = -1;
  heartbeatBucket = 0;
  /** Whether the pong to our last ping is still due. */
  isPongDue = false;

  constructor(transport: WebSocketTransport, webSocket: PeerWebSocket, stream: NetSocket) {
    this.transport = transport;
    this.webSocket = webSocket;
    this.stream = stream;
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

  /**
   * A broadcast comes as a buffer that many connections share: it is framed once and written past ws. Without
   * compression ws writes at once too, so the order of the calls is the order on the wire.
   */
  send(data: Buffer | string): void {
    if (!this.isOpen) return;
    if (typeof data === 'string') this.webSocket.send(data, TEXT);
    else this.stream.write(this.transport.frames.of(data));
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
    if (this.connection !== null) this.transport.endpoint.unresponsive(this.connection);
  }
}

/** Classes of which a connection here has an instance, by the name they are counted under. */
export const TRANSPORT_CLASSES = {
  Peer,
  WebSocket: PeerWebSocket,
  Socket: NetSocket,
  IncomingMessage,
  ServerResponse,
} as const;

export class WebSocketTransport {
  readonly endpoint: ConnectionEndpoint;
  readonly heartbeat: Heartbeat<Peer>;
  readonly frames = new LastTextFrame();
  readonly #options: WebSocketTransportOptions;
  readonly #server: WebSocketServer;
  readonly #paused = new Set<Peer>();
  #resumeTimer: NodeJS.Timeout | null = null;
  #endedSentBytes = 0;
  #endedReceivedBytes = 0;

  constructor(options: WebSocketTransportOptions) {
    this.#options = options;
    this.endpoint = options.endpoint;
    this.heartbeat = new Heartbeat(options);
    const limits = {
      maxPayload: options.maxPayloadBytes,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: MAX_BUFFERED_CHUNKS,
      closeTimeout: options.closeTimeoutMs,
    };
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // Once used, compression costs about 222 KB of RSS a connection.
      perMessageDeflate: false,
      // None is spoken here; ws would agree to the first that is offered.
      handleProtocols: () => false,
      // Left alone, ws would cut whoever sends 60 pings at once, without a close code.
      autoPong: false,
      WebSocket: PeerWebSocket,
      ...limits,
    });
  }

  /** Lives as long as the process; connections leave no listener on it. */
  get emitter(): EventEmitter {
    return this.#server;
  }

  /** Bytes over live and ended sockets, framing and handshakes included. */
  wireBytes(): { readonly sent: number; readonly received: number } {
    let sent = this.#endedSentBytes;
    let received = this.#endedReceivedBytes;
    for (const { stream } of this.heartbeat.peers()) {
      sent += stream.bytesWritten;
      received += stream.bytesRead;
    }
    return { sent, received };
  }

  /** Completes the handshake of a request that was let in. */
  accept(request: IncomingMessage, head: Buffer, remoteAddress: string): void {
    this.#server.handleUpgrade(request, request.socket, head, (webSocket) => {
      if (webSocket instanceof PeerWebSocket) this.#open(webSocket, request.socket, remoteAddress);
    });
  }

  /** Connections that are not read for a moment. */
  get pausedCount(): number {
    return this.#paused.size;
  }

  /** Hands one message to the endpoint. A defect ends its connection, never the process. */
  received(peer: Peer, data: RawData, isBinary: boolean): void {
    const { connection } = peer;
    if (connection === null || !Buffer.isBuffer(data)) return;
    try {
      if (!this.endpoint.received(connection, data, isBinary)) this.#pause(peer);
    } catch (error) {
      this.#options.onDefect(error);
      this.endpoint.broken(connection, CLOSE.internalError);
    }
  }

  /** Answers a ping that is within the rate. */
  pinged(peer: Peer, data: Buffer): void {
    if (peer.connection === null) return;
    if (!this.endpoint.receivedControl(peer.connection)) this.#pause(peer);
    else if (peer.isOpen) peer.webSocket.pong(data, false);
  }

  /** The pong to our own ping is free. */
  ponged(peer: Peer): void {
    if (peer.isPongDue) peer.isPongDue = false;
    else if (peer.connection !== null && !this.endpoint.receivedControl(peer.connection)) this.#pause(peer);
  }

  /** The socket is gone. */
  ended(peer: Peer, end: ConnectionEnd): void {
    const { socketEnded } = this.#options;
    if (socketEnded === undefined) this.closed(peer, end);
    else socketEnded(peer, () => this.closed(peer, end));
  }

  /** Forgets a peer whose socket is gone. */
  closed(peer: Peer, end: ConnectionEnd): void {
    this.heartbeat.remove(peer, peer.heartbeatBucket);
    this.#paused.delete(peer);
    this.#endedSentBytes += peer.stream.bytesWritten;
    this.#endedReceivedBytes += peer.stream.bytesRead;
    if (peer.connection === null) return;
    this.endpoint.closed(peer.connection, end);
    this.#options.onClosed(peer.connection);
  }

  /** A flood costs the others little when it is read a piece at a time. */
  #pause(peer: Peer): void {
    peer.webSocket.pause();
    this.#paused.add(peer);
    this.#resumeTimer ??= setTimeout(() => {
      this.#resumeTimer = null;
      for (const paused of this.#paused) paused.webSocket.resume();
      this.#paused.clear();
    }, OVER_RATE_PAUSE_MS);
  }

  #open(webSocket: PeerWebSocket, stream: NetSocket, remoteAddress: string): void {
    const peer = new Peer(this, webSocket, stream);
    webSocket.peer = peer;
    webSocket.on('message', onMessage);
    webSocket.on('ping', onPing);
    webSocket.on('pong', onPong);
    webSocket.on('error', onError);
    webSocket.on('close', onClose);
    peer.heartbeatBucket = this.heartbeat.add(peer);
    const connection = this.endpoint.opened(this.#options.wrapSocket?.(peer) ?? peer, remoteAddress);
    peer.connection = connection;
    this.#options.onOpened(connection);
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  const peer = peerOf(this);
  peer?.transport.received(peer, data, isBinary);
}

function onPing(this: WebSocket, data: Buffer): void {
  const peer = peerOf(this);
  peer?.transport.pinged(peer, data);
}

function onPong(this: WebSocket): void {
  const peer = peerOf(this);
  peer?.transport.ponged(peer);
}

/** ws has answered a broken frame with its close code already; here it becomes the recorded reason. */
function onError(this: WebSocket, error: Error): void {
  const peer = peerOf(this);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (peer?.connection == null || !code.startsWith('WS_ERR_')) return;
  peer.transport.endpoint.broken(peer.connection, BROKEN.get(code) ?? CLOSE.frameError);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  const peer = peerOf(this);
  peer?.transport.ended(peer, { code, reason: reason.toString() });
}

function peerOf(webSocket: WebSocket): Peer | null {
  return webSocket instanceof PeerWebSocket ? webSocket.peer : null;
}
