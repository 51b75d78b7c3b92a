/** The engine `ws`: WebSocket connections on Node's own sockets. */

import type { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket as NetSocket } from 'node:net';
import { type PerMessageDeflateOptions, type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { ConnectionEnd } from '../../hub/hub.ts';
import { CLOSE, type CloseReason } from '../../protocol/close-codes.ts';
import type { ConnectionEndpoint, ConnectionRequest, TransportOptions } from '../connection-endpoint.ts';
import { Heartbeat } from '../heartbeat.ts';
import { Peer, type PeerEvents, PeerWebSocket } from './peer.ts';

/** A message of 64 KiB has no need of more. */
const MAX_FRAGMENTS = 1_024;
/** Segments one frame may come in: 64 KiB in segments of 16 bytes. */
const MAX_BUFFERED_CHUNKS = 4_096;
/** Who is over its rate is read again after this; what it sends meanwhile waits in the kernel, and then at its end. */
const OVER_RATE_PAUSE_MS = 100;

/** What ws calls a broken frame, and the close code that it answered with. Anything else is 1002. */
const BROKEN = new Map<string, CloseReason>([
  ['WS_ERR_INVALID_UTF8', CLOSE.invalidText],
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', CLOSE.tooLarge],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', CLOSE.tooLarge],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', CLOSE.tooManyFragments],
]);

/** Small messages are not worth it, and a context of its own for each connection would cost some 200 KB. */
const COMPRESSION: PerMessageDeflateOptions = {
  threshold: 1_024,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
};

/** Classes of which a connection here has an instance, by the name they are counted under. */
export const TRANSPORT_CLASSES = {
  Peer,
  WebSocket: PeerWebSocket,
  Socket: NetSocket,
  IncomingMessage,
  ServerResponse,
} as const;

/** Who takes the connection, and what it asked for. */
export interface AcceptedRequest extends ConnectionRequest {
  readonly endpoint: ConnectionEndpoint;
}

export class WebSocketTransport implements PeerEvents {
  readonly heartbeat: Heartbeat<Peer>;
  readonly #options: TransportOptions;
  readonly #server: WebSocketServer;
  readonly #paused = new Set<Peer>();
  #resumeTimer: NodeJS.Timeout | null = null;
  #endedSentBytes = 0;
  #endedReceivedBytes = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
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
      perMessageDeflate: options.isCompressing ? COMPRESSION : false,
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
  accept(request: IncomingMessage, head: Buffer, accepted: AcceptedRequest): void {
    this.#server.handleUpgrade(request, request.socket, head, (webSocket) => {
      if (webSocket instanceof PeerWebSocket) this.#open(webSocket, request.socket, accepted);
    });
  }

  /** Connections that are not read for a moment. */
  get pausedCount(): number {
    return this.#paused.size;
  }

  /** Hands one message to the endpoint. A defect ends its connection, never the process. */
  received(peer: Peer, data: Buffer, isBinary: boolean): void {
    const { connection } = peer;
    if (connection === null) return;
    try {
      if (!peer.endpoint.received(connection, data, isBinary)) this.#pause(peer);
    } catch (error) {
      this.#options.onDefect(error);
      peer.endpoint.broken(connection, CLOSE.internalError);
    }
  }

  /** Answers a ping that is within the rate. */
  pinged(peer: Peer, data: Buffer): void {
    if (peer.connection === null) return;
    if (!peer.endpoint.receivedControl(peer.connection)) this.#pause(peer);
    else if (peer.isOpen) peer.webSocket.pong(data, false);
  }

  /** The pong to our own ping is free. */
  ponged(peer: Peer): void {
    if (peer.isPongDue) peer.isPongDue = false;
    else if (peer.connection !== null && !peer.endpoint.receivedControl(peer.connection)) this.#pause(peer);
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
    peer.endpoint.closed(peer.connection, end);
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

  #open(webSocket: PeerWebSocket, stream: NetSocket, { endpoint, ...request }: AcceptedRequest): void {
    const peer = new Peer(this, endpoint, { webSocket, stream });
    webSocket.peer = peer;
    webSocket.on('message', onMessage);
    webSocket.on('ping', onPing);
    webSocket.on('pong', onPong);
    webSocket.on('error', onError);
    webSocket.on('close', onClose);
    peer.heartbeatBucket = this.heartbeat.add(peer);
    const connection = endpoint.opened(this.#options.wrapSocket?.(peer) ?? peer, request);
    peer.connection = connection;
    this.#options.onOpened(connection);
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  const peer = peerOf(this);
  if (Buffer.isBuffer(data)) peer?.events.received(peer, data, isBinary);
}

function onPing(this: WebSocket, data: Buffer): void {
  const peer = peerOf(this);
  peer?.events.pinged(peer, data);
}

function onPong(this: WebSocket): void {
  const peer = peerOf(this);
  peer?.events.ponged(peer);
}

/** ws has answered a broken frame with its close code already; here it becomes the recorded reason. */
function onError(this: WebSocket, error: Error): void {
  const peer = peerOf(this);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (peer?.connection == null || !code.startsWith('WS_ERR_')) return;
  peer.endpoint.broken(peer.connection, BROKEN.get(code) ?? CLOSE.frameError);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  const peer = peerOf(this);
  peer?.events.ended(peer, { code, reason: reason.toString() });
}

function peerOf(webSocket: WebSocket): Peer | null {
  return webSocket instanceof PeerWebSocket ? webSocket.peer : null;
}
