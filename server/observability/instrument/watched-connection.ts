/** One connection of a server that is none of ours: counted as it sends and receives, with no closure of its own. */

import { Backpressure } from '../../hub/backpressure.ts';
import { frameBytes } from '../../hub/frames/server-frame.ts';
import { bytesWrittenBy } from '../../stream-bytes.ts';
import { payloadBytes } from './payload-bytes.ts';
import type { CountedConnection, WsCounters } from './ws-counters.ts';
import { type InstrumentableWebSocket, READY_STATE, type StreamBeneath } from './ws-shapes.ts';

/** Only watched, never limited. */
const NO_LIMITS = { maxBufferedBytes: Number.POSITIVE_INFINITY, maxBufferedAgeMs: Number.POSITIVE_INFINITY };
const WATCHED = Symbol('touchline.watched');

type Send = (this: WatchedWebSocket, data?: unknown, options?: unknown, done?: unknown) => void;

/** A WebSocket that knows what watches it: a property is read at each send, and a WeakMap would take longer. */
interface WatchedWebSocket extends InstrumentableWebSocket {
  send: Send;
  ping: Send;
  [WATCHED]?: WatchedConnection;
}

/** Whose connection it is, and who counts it. */
export interface Watching {
  readonly server: object;
  /** Null where it cannot be had: then its bytes on the wire are not counted. */
  readonly stream: StreamBeneath | null;
  readonly counters: WsCounters;
}

/** Frames are counted as they are handed over: the queue's age reads low where ws compresses them. */
export class WatchedConnection implements CountedConnection {
  readonly #webSocket: WatchedWebSocket;
  server: object | null = null;
  #stream: StreamBeneath | null = null;
  #backpressure = new Backpressure(NO_LIMITS);
  /** Null while nobody watches. */
  #counters: WsCounters | null = null;
  #isInstalled = false;
  /** Theirs, which ours call first. */
  send: Send;
  ping: Send;

  constructor(webSocket: WatchedWebSocket) {
    this.#webSocket = webSocket;
    this.send = webSocket.send;
    this.ping = webSocket.ping;
  }

  get isClosed(): boolean {
    return this.#webSocket.readyState === READY_STATE.closed;
  }

  get sentBytes(): number {
    return this.#stream === null ? 0 : bytesWrittenBy(this.#stream);
  }

  get receivedBytes(): number {
    return this.#stream?.bytesRead ?? 0;
  }

  observeQueue(nowMs: number): number {
    const { bufferedAmount } = this.#webSocket;
    this.#backpressure.observe(bufferedAmount, nowMs);
    return bufferedAmount;
  }

  queueAgeMs(nowMs: number): number {
    return this.#backpressure.ageMs(nowMs);
  }

  begin({ server, stream, counters }: Watching): void {
    const webSocket = this.#webSocket;
    this.server = server;
    this.#stream = stream;
    this.#counters = counters;
    this.#backpressure = new Backpressure(NO_LIMITS);
    webSocket.on('message', onMessage);
    webSocket.on('close', onClose);
    if (!this.#isInstalled) {
      this.send = webSocket.send;
      this.ping = webSocket.ping;
      webSocket.send = countedSend;
      webSocket.ping = countedPing;
      this.#isInstalled = true;
    }
    counters.begin(this);
  }

  /** Where somebody wrapped our functions they stay beneath, and count nothing. */
  release(): void {
    const webSocket = this.#webSocket;
    webSocket.removeListener('message', onMessage);
    webSocket.removeListener('close', onClose);
    if (webSocket.send === countedSend && webSocket.ping === countedPing) {
      webSocket.send = this.send;
      webSocket.ping = this.ping;
      this.#isInstalled = false;
    }
    this.#counters?.forget(this);
    this.#counters = null;
    this.server = null;
  }

  sent(data: unknown, isLastFragment: boolean): void {
    const counters = this.#counters;
    if (counters === null) return;
    const bytes = payloadBytes(data);
    if (isLastFragment) counters.sent += 1;
    counters.framesWritten += 1;
    counters.sentPayloadBytes += bytes;
    this.#backpressure.enqueued(frameBytes(bytes));
    // The clock is asked only when something waits.
    if (this.#webSocket.bufferedAmount > 0) this.observeQueue(performance.now());
  }

  pinged(): void {
    if (this.#counters !== null) this.#counters.pings += 1;
  }

  received(data: unknown, isBinary: boolean): void {
    const counters = this.#counters;
    if (counters === null) return;
    if (isBinary) counters.receivedBinaries += 1;
    else counters.receivedTexts += 1;
    counters.receivedPayloadBytes += payloadBytes(data);
  }

  ended(code: number): void {
    this.#counters?.end(this, code);
  }
}

/** Watches a connection from here on; what is no WebSocket of ws is left alone. */
export function watchConnection(webSocket: InstrumentableWebSocket, watching: Watching): void {
  if (!isSendable(webSocket)) return;
  webSocket[WATCHED] ??= new WatchedConnection(webSocket);
  webSocket[WATCHED].begin(watching);
}

function isSendable(webSocket: InstrumentableWebSocket): webSocket is WatchedWebSocket {
  const { send, ping } = webSocket as Partial<WatchedWebSocket>;
  return typeof send === 'function' && typeof ping === 'function';
}

function countedSend(this: WatchedWebSocket, data?: unknown, options?: unknown, done?: unknown): void {
  const watched = this[WATCHED];
  if (watched === undefined) return;
  const isOpen = this.readyState === READY_STATE.open;
  watched.send.call(this, data, options, done);
  if (isOpen) watched.sent(data, !isFragment(options));
}

function countedPing(this: WatchedWebSocket, data?: unknown, mask?: unknown, done?: unknown): void {
  const watched = this[WATCHED];
  if (watched === undefined) return;
  const isOpen = this.readyState === READY_STATE.open;
  watched.ping.call(this, data, mask, done);
  if (isOpen) watched.pinged();
}

/** Whether more fragments of the message follow. */
function isFragment(options: unknown): boolean {
  return typeof options === 'object' && options !== null && 'fin' in options && options.fin === false;
}

function onMessage(this: WatchedWebSocket, data: unknown, isBinary: boolean): void {
  this[WATCHED]?.received(data, isBinary);
}

function onClose(this: WatchedWebSocket, code: number): void {
  this[WATCHED]?.ended(code);
}
