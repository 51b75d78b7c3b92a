/**
 * How broadcasts reach the members of a room, by the mode. The order within a room, and between a reply and the room's
 * later messages, is the same in all modes.
 */

import type { FanOutMode } from '../protocol/fan-out-modes.ts';
import type { Audience } from './audience.ts';
import type { Connection, SendResult } from './connection.ts';
import { FrameBatch, type Frames } from './frames/frame-batch.ts';
import type { HubCounters, SlowLimit } from './hub-counters.ts';

export interface FanOutOptions {
  readonly mode: FanOutMode;
  readonly counters: HubCounters;
  /** Monotonic ms. */
  readonly nowMs: () => number;
  /** Calls back once when everything that happens in this turn has happened: `setImmediate`. */
  readonly atEndOfTurn: (flush: () => void) => void;
  /** A member was too slow for what it was owed. */
  readonly onSlow: (connection: Connection, limit: SlowLimit) => void;
  /** A batch grows no longer: nobody waits longer for it, and its size alone makes no slow consumer. */
  readonly maxBatchBytes: number;
  /** Whether broadcasts go into the histograms now. */
  readonly timing: { readonly isOn: boolean };
}

/** Batches kept for the next turn; more than a few rooms a turn is rare. */
const MAX_SPARE_BATCHES = 64;

export class FanOut {
  readonly #options: FanOutOptions;
  #mode: FanOutMode;
  /** Audiences with pending frames, the one that waits longest first. */
  readonly #waiting: Audience[] = [];
  readonly #corked = new Set<Connection>();
  readonly #spare: FrameBatch[] = [];
  #isFlushDue = false;

  constructor(options: FanOutOptions) {
    this.#options = options;
    this.#mode = options.mode;
  }

  get mode(): FanOutMode {
    return this.#mode;
  }

  /** Takes effect with the next message; what waits is written first. */
  set mode(mode: FanOutMode) {
    this.flush();
    this.#mode = mode;
  }

  /** Audiences that have something to write. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Hands one message to every member, now or at the end of the turn. */
  publish(audience: Audience, text: string): void {
    const nowMs = this.#options.nowMs();
    if (this.#mode === 'naive') {
      this.#sendToEach(audience, text, nowMs);
      return;
    }
    const { maxBatchBytes } = this.#options;
    if (audience.pending?.hasRoomFor(text, maxBatchBytes) === false)
      this.#writeNow(audience, audience.pending);
    audience.pending ??= this.#spare.pop() ?? new FrameBatch();
    const { pending } = audience;
    pending.add(text, nowMs);
    if (this.#mode !== 'coalesced') {
      this.#write(audience, pending);
      return;
    }
    if (pending.count === 1) this.#wait(audience);
    if (pending.byteLength >= maxBatchBytes) this.#writeNow(audience, pending);
  }

  /** Writes to one member what it is owed: what is sent to it next must not overtake that. */
  settle(audience: Audience, connection: Connection): void {
    const { pending } = audience;
    if (pending === null || !audience.members.has(connection)) return;
    const frames = pending.frames(audience.ahead?.get(connection));
    audience.markAhead(connection);
    const result = this.#writeTo(connection, frames, this.#options.nowMs());
    if (result === 'buffered') pending.isHeld = true;
    if (isSlow(result)) this.#options.onSlow(connection, result);
  }

  /** Writes everything that waits. */
  flush(): void {
    this.#isFlushDue = false;
    for (const audience of this.#waiting.splice(0)) {
      if (audience.pending !== null) this.#write(audience, audience.pending);
    }
    for (const connection of this.#corked) this.#uncork(connection);
    this.#corked.clear();
  }

  #wait(audience: Audience): void {
    this.#waiting.push(audience);
    this.#flushLater();
  }

  #flushLater(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    this.#options.atEndOfTurn(() => this.flush());
  }

  #writeNow(audience: Audience, pending: FrameBatch): void {
    this.#waiting.splice(this.#waiting.indexOf(audience), 1);
    this.#write(audience, pending);
  }

  /** Writes an audience's batch to all its members. */
  #write(audience: Audience, pending: FrameBatch): void {
    const { members, ahead } = audience;
    const nowMs = this.#options.nowMs();
    const all = pending.frames();
    const slow: SlowMember[] = [];
    let inFull = 0;
    for (const connection of members) {
      const place = ahead?.get(connection);
      const frames = place === undefined ? all : pending.frames(place);
      const result = this.#writeTo(connection, frames, nowMs);
      if (result === 'buffered') pending.isHeld = true;
      if (isSlow(result)) slow.push({ connection, limit: result });
      else if (place?.isFull !== false && result !== 'ended') inFull += 1;
    }
    this.#observe(pending.publishedAtMs, inFull);
    audience.pending = null;
    audience.ahead = null;
    pending.clear();
    if (this.#spare.length < MAX_SPARE_BATCHES) this.#spare.push(pending);
    this.#tellSlow(slow);
  }

  #writeTo(connection: Connection, frames: Frames, nowMs: number): SendResult {
    if (frames.count === 0) return 'sent';
    const isCorked = this.#mode === 'corked';
    if (isCorked) this.#cork(connection, frames.bytes.byteLength);
    const result = connection.sendFrames(frames, nowMs);
    this.#count(result, frames);
    if (!isCorked && isGiven(result)) this.#options.counters.socketWrites += 1;
    return result;
  }

  #cork(connection: Connection, bytes: number): void {
    if (this.#corked.has(connection)) {
      // What waits in the cork counts as unsent, and must not make a slow consumer.
      if (connection.socket.bufferedBytes + bytes <= this.#options.maxBatchBytes) return;
      this.#uncork(connection);
    }
    connection.socket.cork();
    this.#corked.add(connection);
    this.#flushLater();
  }

  #uncork(connection: Connection): void {
    connection.socket.uncork();
    this.#options.counters.socketWrites += 1;
  }

  #sendToEach({ members }: Audience, text: string, nowMs: number): void {
    const bytes = Buffer.from(text);
    const message: Frames = { bytes, count: 1, payloadBytes: bytes.byteLength };
    const slow: SlowMember[] = [];
    let deliveries = 0;
    for (const connection of members) {
      const result = connection.send(bytes, message.payloadBytes, nowMs);
      this.#count(result, message);
      if (isSlow(result)) slow.push({ connection, limit: result });
      else if (result !== 'ended') deliveries += 1;
    }
    this.#options.counters.socketWrites += deliveries;
    this.#observe([nowMs], deliveries);
    this.#tellSlow(slow);
  }

  #count(result: SendResult, { count, payloadBytes }: Frames): void {
    const { counters } = this.#options;
    if (isGiven(result)) {
      counters.deliveries += count;
      counters.framesWritten += count;
      counters.sentPayloadBytes += payloadBytes;
    } else if (isSlow(result)) {
      counters.droppedByReason.slow_consumer += count;
    }
  }

  /** Only when all are written to: ending a member changes the members. */
  #tellSlow(slow: readonly SlowMember[]): void {
    for (const { connection, limit } of slow) this.#options.onSlow(connection, limit);
  }

  /** @param recipients of the whole batch; who joined in the middle of it is left out */
  #observe(publishedAtMs: readonly number[], recipients: number): void {
    if (!this.#options.timing.isOn) return;
    const { broadcastRecipients, broadcastSeconds } = this.#options.counters;
    const nowMs = this.#options.nowMs();
    broadcastRecipients.observe(recipients, publishedAtMs.length);
    for (const sinceMs of publishedAtMs) broadcastSeconds.observe((nowMs - sinceMs) / 1_000);
  }
}

interface SlowMember {
  readonly connection: Connection;
  readonly limit: SlowLimit;
}

function isSlow(result: SendResult): result is SlowLimit {
  return result === 'bytes' || result === 'age';
}

function isGiven(result: SendResult): boolean {
  return result === 'sent' || result === 'buffered';
}
