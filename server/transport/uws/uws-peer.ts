/** One connection of the engine `uws`: the hub sends through it, the heartbeat watches it. */

import type { Connection } from '../../hub/connection.ts';
import { frameBytes } from '../../hub/frames/server-frame.ts';
import type { ConnectionEndpoint } from '../connection-endpoint.ts';
import type { Peer } from '../peers.ts';
import { SEND_STATUS, type UwsText, type UwsWebSocket } from './uws-api.ts';

/** What uWS hands back for a connection. */
export interface PeerData {
  readonly peer: UwsPeer;
}

/** One message out of shared frames. */
export interface FramedMessage {
  readonly payload: Buffer;
  readonly isBinary: boolean;
}

/** What a peer asks of its transport. */
export interface UwsPeerEvents {
  /** Takes whole frames apart. */
  messagesOf(frames: Buffer): readonly FramedMessage[];
  /** Whether a message of this size goes out compressed. */
  isCompressed(payloadBytes: number): boolean;
  dropped(peer: UwsPeer): void;
  unresponsive(peer: UwsPeer): void;
}

interface Close {
  readonly code: number;
  readonly reason: string;
}

/** Bytes of the frame of a ping without a payload, and of the close frame around its reason. */
const PING_BYTES = frameBytes(0);
const CLOSE_CODE_BYTES = 2;

export class UwsPeer implements Peer {
  readonly endpoint: ConnectionEndpoint;
  connection: Connection | null = null;
  receivedBytesAtPing = -1;
  heartbeatBucket = 0;
  isPongDue = false;
  /** Frames that came whole; uWS tells of no bytes. */
  receivedBytes = 0;
  /** Frames that were handed over. */
  sentBytes = 0;
  /** Whether {@link close} or {@link terminate} is what ends it, so that its end is told when they are done. */
  isEndingHere = false;
  readonly #events: UwsPeerEvents;
  /** Null before it is open and once it is closed: uWS throws at whoever touches it then. */
  #webSocket: UwsWebSocket<PeerData> | null = null;
  #held: (() => void)[] | null = null;
  #heldBytes = 0;
  #closing: Close | null = null;

  constructor(events: UwsPeerEvents, endpoint: ConnectionEndpoint) {
    this.#events = events;
    this.endpoint = endpoint;
  }

  opened(webSocket: UwsWebSocket<PeerData>): void {
    this.#webSocket = webSocket;
  }

  closed(): void {
    this.#webSocket = null;
    this.#held = null;
    this.#heldBytes = 0;
  }

  get isOpen(): boolean {
    return this.#webSocket !== null && this.#closing === null;
  }

  get bufferedBytes(): number {
    return this.#webSocket === null ? 0 : this.#webSocket.getBufferedAmount() + this.#heldBytes;
  }

  send(data: Buffer | string, isBinary = false): void {
    if (!this.isOpen) return;
    const payloadBytes = typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
    if (this.#held === null) this.#write(data, payloadBytes, isBinary);
    else this.#hold(() => this.#write(data, payloadBytes, isBinary), frameBytes(payloadBytes));
  }

  sendFrames(frames: Buffer): void {
    if (this.#webSocket === null || this.#closing !== null) return;
    const messages = this.#events.messagesOf(frames);
    if (this.#held !== null) this.#hold(() => this.#writeAll(messages), frames.byteLength);
    else this.#webSocket.cork(() => this.#writeAll(messages));
  }

  cork(): void {
    this.#held ??= [];
  }

  /** uWS corks for the time of a function alone, so what is to be written together is collected. */
  uncork(): void {
    const held = this.#held;
    this.#held = null;
    this.#heldBytes = 0;
    if (held === null || held.length === 0) return;
    this.#webSocket?.cork(() => {
      for (const write of held) write();
    });
  }

  /** uWS sends the close frame, and forgets the connection. What is unsent has to go before that. */
  close(code: number, reason: string): void {
    if (this.#webSocket === null || this.#closing !== null) return;
    this.uncork();
    this.#closing = { code, reason };
    this.drained();
  }

  /** The kernel took bytes. */
  drained(): void {
    if (this.#closing === null || this.#webSocket === null || this.#webSocket.getBufferedAmount() > 0) return;
    const { code, reason } = this.#closing;
    this.isEndingHere = true;
    this.sentBytes += frameBytes(CLOSE_CODE_BYTES + Buffer.byteLength(reason));
    this.#webSocket.end(code, reason);
  }

  terminate(): void {
    this.isEndingHere = true;
    this.#webSocket?.close();
  }

  ping(): void {
    if (this.#webSocket === null || !this.isOpen) return;
    this.isPongDue = true;
    this.sentBytes += PING_BYTES;
    this.#webSocket.ping();
  }

  heartbeatMissed(): void {
    this.#events.unresponsive(this);
  }

  /** uWS reads on whatever happens: its transport bounds what may come. */
  pauseReading(): void {}

  resumeReading(): void {}

  #hold(write: () => void, bytes: number): void {
    this.#held?.push(write);
    this.#heldBytes += bytes;
  }

  #writeAll(messages: readonly FramedMessage[]): void {
    for (const { payload, isBinary } of messages) this.#write(payload, payload.byteLength, isBinary);
  }

  #write(message: UwsText, payloadBytes: number, isBinary: boolean): void {
    if (this.#webSocket === null) return;
    const status = this.#webSocket.send(message, isBinary, this.#events.isCompressed(payloadBytes));
    if (status === SEND_STATUS.dropped) this.#events.dropped(this);
    else this.sentBytes += frameBytes(payloadBytes);
  }
}
