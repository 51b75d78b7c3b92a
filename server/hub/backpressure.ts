/** When is a connection too slow: bounds on the bytes that wait for it, and on how long they wait. */

import type { SlowLimit } from './hub-counters.ts';

export interface BackpressureLimits {
  /** Unsent bytes, the payload about to be sent included. */
  readonly maxBufferedBytes: number;
  /** How long unsent bytes may wait. */
  readonly maxBufferedAgeMs: number;
}

const NOT_WAITING = -1;

/**
 * One connection's unsent bytes. Their age is measured without a timestamp for each message: the first time bytes wait,
 * the count of all bytes ever enqueued is marked; while less than the mark is flushed, the oldest byte has
 * waited since then. After that a new mark is taken, so the age reads low by at most the time of one mark.
 *
 * The kernel's own send buffer (up to 4 MB on Linux) is not seen here: a reader that stopped is found by the
 * heartbeat.
 */
export class Backpressure {
  /** The most that ever waited. */
  peakBytes = 0;
  readonly #limits: BackpressureLimits;
  #enqueuedBytes = 0;
  #markBytes = 0;
  #waitingSinceMs = NOT_WAITING;

  constructor(limits: BackpressureLimits) {
    this.#limits = limits;
  }

  /** @param frameBytes handed to the socket, framing included */
  enqueued(frameBytes: number): void {
    this.#enqueuedBytes += frameBytes;
  }

  /** Takes note of what waits now. */
  observe(bufferedBytes: number, nowMs: number): void {
    if (bufferedBytes <= 0) {
      this.#waitingSinceMs = NOT_WAITING;
      return;
    }
    if (bufferedBytes > this.peakBytes) this.peakBytes = bufferedBytes;
    const flushedBytes = this.#enqueuedBytes - bufferedBytes;
    if (this.#waitingSinceMs === NOT_WAITING || flushedBytes >= this.#markBytes) {
      this.#waitingSinceMs = nowMs;
      this.#markBytes = this.#enqueuedBytes;
    }
  }

  /**
   * The limit that `pendingBytes` more would pass, or null.
   *
   * @param bufferedBytes what waits now
   */
  limitPassed(bufferedBytes: number, pendingBytes: number, nowMs: number): SlowLimit | null {
    this.observe(bufferedBytes, nowMs);
    if (bufferedBytes + pendingBytes > this.#limits.maxBufferedBytes) return 'bytes';
    return this.ageMs(nowMs) > this.#limits.maxBufferedAgeMs ? 'age' : null;
  }

  /** How long the oldest unsent byte has waited, as of the last observation. */
  ageMs(nowMs: number): number {
    return this.#waitingSinceMs === NOT_WAITING ? 0 : nowMs - this.#waitingSinceMs;
  }
}
