/** The engine `ws`: WebSocket connections on Node's own sockets. */

import type { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket as NetSocket } from 'node:net';
import { type PerMessageDeflateOptions, type RawData, type WebSocket, WebSocketServer } from 'ws';
import { CLOSE, type CloseReason } from '../../protocol/close-codes.ts';
import type { AcceptedRequest, TransportOptions } from '../connection-endpoint.ts';
import { Peers } from '../peers.ts';
import type { Transport } from '../transport.ts';
import { PeerWebSocket, WsPeer } from './ws-peer.ts';

/** A message of 64 KiB has no need of more. */
const MAX_FRAGMENTS = 1_024;
/** Segments one frame may come in: 64 KiB in segments of 16 bytes. */
const MAX_BUFFERED_CHUNKS = 4_096;
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

export class WsTransport implements Transport {
  readonly classes = {
    Peer: WsPeer,
    WebSocket: PeerWebSocket,
    Socket: NetSocket,
    IncomingMessage,
    ServerResponse,
  } as const;
  readonly droppedMessages = 0;
  readonly #peers: Peers<WsPeer>;
  readonly #server: WebSocketServer;

  constructor(options: TransportOptions) {
    this.#peers = new Peers(options);
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

  get heartbeat(): Peers<WsPeer>['heartbeat'] {
    return this.#peers.heartbeat;
  }

  get emitter(): EventEmitter {
    return this.#server;
  }

  /** All bytes of the sockets, framing and handshakes included. */
  wireBytes(): ReturnType<Transport['wireBytes']> {
    return this.#peers.wireBytes();
  }

  get overRateCount(): number {
    return this.#peers.overRate.size;
  }

  /** Completes the handshake of a request that was let in. @param head what came after it already */
  accept(request: IncomingMessage, head: Buffer, accepted: AcceptedRequest): void {
    this.#server.handleUpgrade(request, request.socket, head, (webSocket) => {
      if (webSocket instanceof PeerWebSocket) this.#open(webSocket, request.socket, accepted);
    });
  }

  #open(webSocket: PeerWebSocket, stream: NetSocket, accepted: AcceptedRequest): void {
    const peer = new WsPeer(this.#peers, accepted.endpoint, { webSocket, stream });
    webSocket.peer = peer;
    webSocket.on('message', onMessage);
    webSocket.on('ping', onPing);
    webSocket.on('pong', onPong);
    webSocket.on('error', onError);
    webSocket.on('close', onClose);
    this.#peers.opened(peer, accepted);
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  const peer = peerOf(this);
  if (Buffer.isBuffer(data)) peer?.peers.received(peer, data, isBinary);
}

/** Answers a ping that is within the rate. */
function onPing(this: WebSocket, data: Buffer): void {
  const peer = peerOf(this);
  if (peer?.peers.pinged(peer) === 0 && peer.isOpen) this.pong(data, false);
}

function onPong(this: WebSocket): void {
  const peer = peerOf(this);
  peer?.peers.ponged(peer);
}

/** ws has answered a broken frame with its close code already; here it becomes the recorded reason. */
function onError(this: WebSocket, error: Error): void {
  const peer = peerOf(this);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('WS_ERR_')) peer?.peers.broken(peer, BROKEN.get(code) ?? CLOSE.frameError);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  const peer = peerOf(this);
  peer?.peers.ended(peer, { code, reason: reason.toString() });
}

function peerOf(webSocket: WebSocket): WsPeer | null {
  return webSocket instanceof PeerWebSocket ? webSocket.peer : null;
}
