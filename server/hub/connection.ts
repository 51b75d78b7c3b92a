/** One client as the hub knows it: its state in plain fields, and the single way out to it. */

import type { CloseReason } from '../protocol/close-codes.ts';
import type { ClientStats } from '../protocol/messages.ts';
import { Backpressure, type BackpressureLimits, frameBytes } from './backpressure.ts';
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

/** `sent`, the limit that kept it from being sent, or `ended` when the connection is being closed. */
export type SendResult = 'sent' | SlowLimit | 'ended';

/**
 * Everything that leaves goes through {@link Connection.send}, so replies and room messages never overtake
 * each other. Kept below 1 KB of heap: no closure, no timer, sets only when used.
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
   * @param data shared between connections: never changed after this call
   * @param payloadBytes length of `data` in UTF-8
   */
  send(data: Buffer | string, payloadBytes: number, nowMs: number): SendResult {
    const { socket, backpressure } = this;
    if (this.isEnding) return 'ended';
    const limit = backpressure.limitPassed(socket.bufferedBytes, payloadBytes, nowMs);
    if (limit !== null) return limit;
    socket.send(data);
    backpressure.enqueued(frameBytes(payloadBytes));
    const bufferedBytes = socket.bufferedBytes;
    if (bufferedBytes > 0) backpressure.observe(bufferedBytes, nowMs);
    this.sentMessages += 1;
    this.sentPayloadBytes += payloadBytes;
    return 'sent';
  }
}
