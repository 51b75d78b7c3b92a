/** The engine `uws`: WebSocket connections on the sockets of uWebSockets.js. */

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket as NetSocket } from 'node:net';
import { eachFrame } from '../../hub/frames/each-frame.ts';
import { frameBytes } from '../../hub/frames/server-frame.ts';
import { CLOSE, type CloseReason } from '../../protocol/close-codes.ts';
import type { AcceptedRequest, TransportOptions } from '../connection-endpoint.ts';
import { Peers } from '../peers.ts';
import type { RequestView } from '../request-view.ts';
import type { Transport } from '../transport.ts';
import type { UwsBehavior, UwsContext, UwsModule, UwsRequest, UwsResponse, UwsWebSocket } from './uws-api.ts';
import { type FramedMessage, type PeerData, UwsPeer, type UwsPeerEvents } from './uws-peer.ts';

/** Above any limit of ours, so that ours is what ends a connection. */
const BEYOND_OUR_LIMITS_BYTES = 67_108_864;
/** A message of up to so many times the limit is read, so that it can be answered with its close code. */
const READ_BEYOND_LIMIT = 2;
/** Smaller messages are not worth it. */
const COMPRESSED_FROM_BYTES = 1_024;
/** Bytes by which a client's frames are longer than a server's: the mask. */
const MASK_BYTES = 4;
/**
 * uWS reads on whatever comes, so a flood is bounded by its end: this many messages over the rate within 100 ms. The engine
 * `ws` reads at most 64 KiB between two pauses, which are as many of the smallest messages.
 */
const MAX_OVER_RATE = 10_922;
/** Why uWS cut a connection, as it says itself; for other broken frames it says nothing. */
const BROKEN = new Map<string, CloseReason>([
  ['Received too big message', CLOSE.tooLarge],
  ['Received too big message, or other inflation error', CLOSE.tooLarge],
  ['Received invalid UTF-8', CLOSE.invalidText],
  ['Received invalid close payload', CLOSE.frameError],
  ['Received invalid data', CLOSE.frameError],
]);
/** Its own words, which are no reason that a client gave. */
const NO_REASON = '';

type WebSocket = UwsWebSocket<PeerData>;

export class UwsTransport implements Transport, UwsPeerEvents {
  readonly emitter = null;
  readonly classes = { Peer: UwsPeer, Socket: NetSocket, IncomingMessage, ServerResponse } as const;
  droppedMessages = 0;
  /** When a connection was closed from here last; its close frame may still be under way. Monotonic ms. */
  lastClosedAtMs = Number.NEGATIVE_INFINITY;
  readonly #options: TransportOptions;
  readonly #peers: Peers<UwsPeer>;
  /** The frames that were taken apart last, for the other members of their room. */
  #frames: Buffer | null = null;
  #messages: readonly FramedMessage[] = [];

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#peers = new Peers(options);
  }

  get heartbeat(): Peers<UwsPeer>['heartbeat'] {
    return this.#peers.heartbeat;
  }

  get overRateCount(): number {
    return this.#peers.overRate.size;
  }

  /** Whole frames of connections, as they are before compression: no handshakes, nothing of HTTP or TLS. */
  wireBytes(): ReturnType<Transport['wireBytes']> {
    return this.#peers.wireBytes();
  }

  /** What uWS is to do with connections. @param upgrade what becomes of a request for one */
  behavior(
    { SHARED_COMPRESSOR, DISABLED }: UwsModule,
    upgrade: (response: UwsResponse, request: UwsRequest, context: UwsContext) => void,
  ): UwsBehavior<PeerData> {
    const { isCompressing, maxPayloadBytes, maxBufferedBytes } = this.#options;
    return {
      maxPayloadLength: READ_BEYOND_LIMIT * maxPayloadBytes,
      maxBackpressure: BEYOND_OUR_LIMITS_BYTES + maxBufferedBytes,
      closeOnBackpressureLimit: false,
      // The heartbeat is ours.
      idleTimeout: 0,
      sendPingsAutomatically: false,
      compression: isCompressing ? SHARED_COMPRESSOR : DISABLED,
      upgrade,
      open: (webSocket) => webSocket.getUserData().peer.opened(webSocket),
      message: (webSocket, data, isBinary) => this.#received(webSocket, data, isBinary),
      ping: (webSocket, data) => this.#pinged(webSocket, data),
      pong: (webSocket, data) => this.#ponged(webSocket, data),
      drain: (webSocket) => webSocket.getUserData().peer.drained(),
      close: (webSocket, code, reason) => this.#closed(webSocket, code, reason),
    };
  }

  /** Completes the handshake of a request that was let in. */
  accept(
    response: UwsResponse,
    { headers }: RequestView,
    handshake: AcceptedRequest & { readonly context: UwsContext },
  ): void {
    const peer = new UwsPeer(this, handshake.endpoint);
    const key = headers['sec-websocket-key'] ?? '';
    const extensions = headers['sec-websocket-extensions'] ?? '';
    // No sub-protocol: none is spoken here.
    response.upgrade<PeerData>({ peer }, key, '', extensions, handshake.context);
    this.#peers.opened(peer, handshake);
  }

  messagesOf(frames: Buffer): readonly FramedMessage[] {
    if (frames === this.#frames) return this.#messages;
    const messages: FramedMessage[] = [];
    eachFrame(frames, (payload, isBinary) => void messages.push({ payload, isBinary }));
    // Not longer than this turn: the buffer may be written over then.
    if (this.#frames === null) queueMicrotask(() => this.#forgetFrames());
    this.#frames = frames;
    this.#messages = messages;
    return messages;
  }

  isCompressed(payloadBytes: number): boolean {
    return this.#options.isCompressing && payloadBytes >= COMPRESSED_FROM_BYTES;
  }

  dropped(peer: UwsPeer): void {
    this.droppedMessages += 1;
    // Not before its room is done with its members.
    queueMicrotask(() => this.#peers.broken(peer, CLOSE.slowConsumer));
  }

  unresponsive(peer: UwsPeer): void {
    this.#peers.unresponsive(peer);
  }

  #forgetFrames(): void {
    this.#frames = null;
    this.#messages = [];
  }

  #received(webSocket: WebSocket, data: ArrayBuffer, isBinary: boolean): void {
    const { peer } = webSocket.getUserData();
    peer.receivedBytes += MASK_BYTES + frameBytes(data.byteLength);
    if (data.byteLength > this.#options.maxPayloadBytes) this.#peers.broken(peer, CLOSE.tooLarge);
    else this.#bound(peer, this.#peers.received(peer, Buffer.from(data), isBinary));
  }

  #pinged(webSocket: WebSocket, data: ArrayBuffer): void {
    const { peer } = webSocket.getUserData();
    peer.receivedBytes += MASK_BYTES + frameBytes(data.byteLength);
    peer.sentBytes += frameBytes(data.byteLength);
    this.#bound(peer, this.#peers.pinged(peer));
  }

  #ponged(webSocket: WebSocket, data: ArrayBuffer): void {
    const { peer } = webSocket.getUserData();
    peer.receivedBytes += MASK_BYTES + frameBytes(data.byteLength);
    this.#bound(peer, this.#peers.ponged(peer));
  }

  #bound(peer: UwsPeer, overRate: number): void {
    if (overRate > MAX_OVER_RATE) this.#peers.broken(peer, CLOSE.rateLimited);
  }

  #closed(webSocket: WebSocket, code: number, reason: ArrayBuffer): void {
    const { peer } = webSocket.getUserData();
    const text = Buffer.from(reason).toString();
    peer.closed();
    if (!peer.isEndingHere) {
      const broken = code === CLOSE.lost.code ? BROKEN.get(text) : undefined;
      if (broken !== undefined) this.#peers.broken(peer, broken);
      this.#peers.ended(peer, { code, reason: code === CLOSE.lost.code ? NO_REASON : text });
      return;
    }
    this.lastClosedAtMs = this.#options.nowMs();
    // As from a network: never before whoever ends it is done.
    queueMicrotask(() => this.#peers.ended(peer, { code, reason: text }));
  }
}
