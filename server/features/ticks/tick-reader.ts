/**
 * One connection of the feed: what was made for it, given to it, taken by the kernel, acknowledged and skipped.
 * Always: offered = buffered + skipped + waiting.
 */

import type { Connection } from '../../hub/connection.ts';
import type { TickFormat } from '../../protocol/tick-messages.ts';
import { AcknowledgedRate } from './acknowledged-rate.ts';
import { FlushMarks } from './flush-marks.ts';
import type { TurnBuffer } from './turn-buffers.ts';
import { WaitingAge } from './waiting-age.ts';

/** Beyond any of these a reader is given no more until it has caught up. */
export interface ReaderLimits {
  readonly maxUnsentBytes: number;
  readonly maxUnsentAgeMs: number;
  /** Of the oldest tick that is not acknowledged; for readers that acknowledge. */
  readonly maxUnacknowledgedAgeMs: number;
  /** In a gap nothing more comes, so what is unsent must become less; when it does not for so long, the reader is stuck. */
  readonly maxStuckMs: number;
}

export interface ReaderState {
  readonly connection: Connection;
  readonly format: TickFormat;
  /** The last tick that was made before it joined. */
  readonly joinedAtSeq: number;
  /** Monotonic ms. */
  readonly joinedAtMs: number;
}

export class TickReader {
  readonly connection: Connection;
  readonly format: TickFormat;
  readonly joinedAtSeq: number;
  /** Ticks given to the socket. */
  buffered = 0;
  /** Ticks never given. */
  skipped = 0;
  /** Ticks the client says it has. */
  acknowledged = 0;
  /** Whether it ever said so. */
  acknowledges = false;
  hasLeft = false;
  readonly #marks = new FlushMarks();
  readonly #unacknowledged = new WaitingAge();
  readonly #acknowledgedRate: AcknowledgedRate;
  /** The feed's last tick that was given to it or kept from it. */
  #seq: number;
  /** The last tick before the gap it is in; null while it keeps up. */
  #gapAfterSeq: number | null = null;
  /** What it must have acknowledged before the gap ends. */
  #acknowledgedToResume = 0;
  /** What was unsent when it became less the last time, and when that was. */
  #unsentBytes = 0;
  #progressAtMs = 0;

  constructor({ connection, format, joinedAtSeq, joinedAtMs }: ReaderState) {
    this.connection = connection;
    this.format = format;
    this.joinedAtSeq = joinedAtSeq;
    this.#seq = joinedAtSeq;
    this.#acknowledgedRate = new AcknowledgedRate(joinedAtMs);
  }

  /** Ticks made while it was connected. */
  get offered(): number {
    return this.#seq - this.joinedAtSeq;
  }

  /** Ticks of the gap it is in, of which it may still be given some. */
  get waiting(): number {
    return this.#gapAfterSeq === null ? 0 : this.#seq - this.#gapAfterSeq;
  }

  get isConflating(): boolean {
    return this.#gapAfterSeq !== null;
  }

  /** Writes that the kernel has not taken. */
  get writesUnderWay(): number {
    return this.#marks.size;
  }

  /** Ticks taken by the kernel, as far as the socket tells. */
  flushed(unsentBytes: number): number {
    this.#marks.settle(unsentBytes);
    return this.#marks.size === 0 && unsentBytes === 0 ? this.buffered : this.#marks.flushedTicks;
  }

  /**
   * Takes note of an acknowledgement.
   *
   * @returns the range that was expected when it is not in it, else null
   */
  acknowledge(received: number, nowMs: number): { readonly min: number; readonly max: number } | null {
    if (received < this.acknowledged || received > this.buffered) {
      return { min: this.acknowledged, max: this.buffered };
    }
    this.acknowledged = received;
    this.acknowledges = true;
    this.#acknowledgedRate.acknowledged(received, nowMs);
    return null;
  }

  /** Ticks a second that it says it gets, as of its last acknowledgements. */
  acknowledgedPerSecond(nowMs: number): number {
    return this.#acknowledgedRate.perSecond(nowMs);
  }

  /** Whether it is too far behind to be given the next turn; if so, a gap begins. */
  fallsBehind(limits: ReaderLimits, nowMs: number): boolean {
    const { socket, backpressure } = this.connection;
    const unsentBytes = socket.bufferedBytes;
    this.#marks.settle(unsentBytes);
    backpressure.observe(unsentBytes, nowMs);
    const unacknowledgedMs = this.#unacknowledgedMs(nowMs);
    const isUnacknowledged = unacknowledgedMs > limits.maxUnacknowledgedAgeMs;
    const isBehind =
      unsentBytes > limits.maxUnsentBytes ||
      backpressure.ageMs(nowMs) > limits.maxUnsentAgeMs ||
      isUnacknowledged;
    if (!isBehind) return false;
    this.#gapAfterSeq = this.#seq;
    this.#acknowledgedToResume = isUnacknowledged ? this.buffered : 0;
    this.#unsentBytes = unsentBytes;
    this.#progressAtMs = nowMs;
    return true;
  }

  /** Whether the gap may end: the socket has nothing unsent, and what had to be acknowledged is. */
  hasCaughtUp(): boolean {
    const unsentBytes = this.connection.socket.bufferedBytes;
    this.#marks.settle(unsentBytes);
    return unsentBytes === 0 && this.acknowledged >= this.#acknowledgedToResume;
  }

  /** Whether, in a gap, the kernel takes nothing of what is unsent. */
  isStuck({ maxStuckMs }: ReaderLimits, nowMs: number): boolean {
    const unsentBytes = this.connection.socket.bufferedBytes;
    if (unsentBytes === 0 || unsentBytes < this.#unsentBytes) {
      this.#unsentBytes = unsentBytes;
      this.#progressAtMs = nowMs;
    }
    return nowMs - this.#progressAtMs > maxStuckMs;
  }

  /** The turn up to this tick is kept from it. */
  withhold(lastSeq: number): void {
    this.#seq = lastSeq;
  }

  /** So many ticks of the turn up to this one were given to the socket: all of them, unless it ends. */
  give(ticks: number, lastSeq: number): void {
    this.buffered += ticks;
    this.skipped += lastSeq - this.#seq - ticks;
    this.#seq = lastSeq;
  }

  /** Where the gap began: it is given the latest ticks after this one. */
  get gapAfterSeq(): number {
    return this.#gapAfterSeq ?? this.#seq;
  }

  /** What the gap up to this tick will have cost when so many are given of it. */
  gapCost(given: number, lastSeq: number): { readonly skipped: number; readonly upToCount: number } {
    return { skipped: lastSeq - this.gapAfterSeq - given, upToCount: lastSeq - this.joinedAtSeq };
  }

  /** The gap up to this tick is over, with so many of it given. */
  resume(given: number, lastSeq: number): void {
    const { skipped } = this.gapCost(given, lastSeq);
    this.buffered += given;
    this.skipped += skipped;
    this.#seq = lastSeq;
    this.#gapAfterSeq = null;
  }

  /** Bytes went to the socket, with the ticks that are counted as given by now. */
  wrote(bytes: number, held: TurnBuffer | null): void {
    const unsentBytes = this.connection.socket.bufferedBytes;
    this.#marks.wrote({ bytes, ticks: this.buffered, held, unsentBytes });
  }

  /**
   * It is gone. What waits is given no more.
   *
   * @param isClean whether the closing handshake came through, and with it everything before
   * @returns what the kernel took of the ticks given to it
   */
  leave(isClean: boolean): number {
    this.skipped += this.waiting;
    this.#gapAfterSeq = null;
    this.hasLeft = true;
    const flushed = isClean ? this.buffered : this.#marks.flushedTicks;
    this.#marks.forget();
    return flushed;
  }

  #unacknowledgedMs(nowMs: number): number {
    const ageMs = this.#unacknowledged.observe(this.buffered, this.acknowledged, nowMs);
    return this.acknowledges ? ageMs : 0;
  }
}
