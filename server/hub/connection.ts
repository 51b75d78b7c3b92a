/** One client as the hub knows it: its state in plain fields, and the single way out to it. */

import type { CloseReason } from '../protocol/close-codes.ts';
import type { ClientStats } from '../protocol/messages.ts';
import { Backpressure, type BackpressureLimits } from './backpressure.ts';
import type { Frames } from './frames/frame-batch.ts';
import { frameBytes } from './frames/server-frame.ts';
import type { SlowLimit } from './hub-counters.ts';
import { RateGate } from './rate-gate.ts';
import type { Socket } from './socket.ts';

export interface ConnectionLimits extends BackpressureLimits {
  readonly messagesPerSecond: number;
}

export interface ConnectionOrigin {
  readonly id: string;
  readonly remoteAddress: string;
  /** Epoch ms. */
  readonly openedAt: number;
  /** The same moment on the monotonic clock. */
  readonly openedMonotonicMs: number;
}

/**
 * `sent` when the kernel has all of it, `buffered` when some of it waits, the limit that kept it from being sent, or
 * `ended` when the connection is being closed.
 */
export type SendResult = 'sent' | 'buffered' | SlowLimit | 'ended';

/**
 * Everything that leaves goes through {@link Connection.send} and {@link Connection.sendFrames}, so replies and room
 * messages never overtake each other. Kept below 1 KB of heap: no closure, no timer, sets only when used.
 */
export class Connection {
  readonly id: string;
  readonly remoteAddress: string;
  readonly openedAt: number;
  readonly socket: Socket;
  readonly backpressure: Backpressure;
  readonly rateGate: RateGate;
  clientId: string | null = null;
  stats: ClientStats | null = null;
  /** Keys of the rooms it is in; null until the first. */
  rooms: Set<string> | null = null;
  /** Why the server is ending it; null while it is open. */
  closing: CloseReason | null = null;
  receivedMessages = 0;
  sentMessages = 0;
  sentPayloadBytes = 0;
  /** Messages in a row that were not of the protocol. */
  invalidInARow = 0;

  constructor(socket: Socket, origin: ConnectionOrigin, limits: ConnectionLimits) {
    this.socket = socket;
    this.id = origin.id;
    this.remoteAddress = origin.remoteAddress;
    this.openedAt = origin.openedAt;
    this.backpressure = new Backpressure(limits);
    this.rateGate = new RateGate(limits.messagesPerSecond, origin.openedMonotonicMs);
  }

  get subscriptions(): number {
    return this.rooms === null ? 0 : this.rooms.size;
  }

  /** Whether either side began to close: what is sent now would go nowhere. */
  get isEnding(): boolean {
    return this.closing !== null || !this.socket.isOpen;
  }

  /**
   * Hands one message to the socket, unless the connection is too slow for it.
   *
   * @param data a reply as text; a broadcast as bytes that connections share: never changed after this call
   * @param payloadBytes length of `data` in UTF-8
   */
  send(data: Buffer | string, payloadBytes: number, nowMs: number): SendResult {
    const refusal = this.#refusal(payloadBytes, nowMs);
    if (refusal !== null) return refusal;
    this.socket.send(data);
    return this.#handed({ bytes: frameBytes(payloadBytes), count: 1, payloadBytes }, nowMs);
  }

  /** The same for a binary message. */
  sendBinary(data: Buffer, nowMs: number): SendResult {
    const refusal = this.#refusal(data.byteLength, nowMs);
    if (refusal !== null) return refusal;
    this.socket.send(data, true);
    return this.#handed(
      { bytes: frameBytes(data.byteLength), count: 1, payloadBytes: data.byteLength },
      nowMs,
    );
  }

  /** Hands whole frames to the socket in one write, unless the connection is too slow for them. */
  sendFrames({ bytes, count, payloadBytes }: Frames, nowMs: number): SendResult {
    const refusal = this.#refusal(bytes.byteLength, nowMs);
    if (refusal !== null) return refusal;
    this.socket.sendFrames(bytes);
    return this.#handed({ bytes: bytes.byteLength, count, payloadBytes }, nowMs);
  }

  #refusal(pendingBytes: number, nowMs: number): SlowLimit | 'ended' | null {
    if (this.isEnding) return 'ended';
    return this.backpressure.limitPassed(this.socket.bufferedBytes, pendingBytes, nowMs);
  }

  #handed({ bytes, count, payloadBytes }: HandedOver, nowMs: number): SendResult {
    const { socket, backpressure } = this;
    backpressure.enqueued(bytes);
    this.sentMessages += count;
    this.sentPayloadBytes += payloadBytes;
    const { bufferedBytes } = socket;
    if (bufferedBytes <= 0) return 'sent';
    backpressure.observe(bufferedBytes, nowMs);
    return 'buffered';
  }
}

interface HandedOver {
  /** Framing included. */
  readonly bytes: number;
  readonly count: number;
  readonly payloadBytes: number;
}
