/** What to do with a message that just came, by the connection's message rate. */

import { TokenBucket } from './token-bucket.ts';

/** `drop_and_tell`: drop it and send the error. `close`: it stayed over the rate for too long. */
export type Admission = 'pass' | 'drop' | 'drop_and_tell' | 'close';

/** A connection is told at most this often. */
const TELL_EVERY_MS = 1_000;
/** No drop for this long is a pause. */
const PAUSE_MS = 1_000;
/** Over the rate for this long without a pause ends the connection. */
const PATIENCE_MS = 10_000;

const NEVER = Number.NEGATIVE_INFINITY;

export class RateGate {
  readonly #bucket: TokenBucket;
  #overSinceMs = NEVER;
  #lastDropAtMs = NEVER;
  #toldAtMs = NEVER;
  #untold = 0;

  constructor(messagesPerSecond: number, nowMs: number) {
    this.#bucket = new TokenBucket(messagesPerSecond, nowMs);
  }

  admit(nowMs: number): Admission {
    if (this.#bucket.take(nowMs)) return 'pass';
    if (nowMs - this.#lastDropAtMs > PAUSE_MS) this.#overSinceMs = nowMs;
    this.#lastDropAtMs = nowMs;
    this.#untold += 1;
    if (nowMs - this.#overSinceMs >= PATIENCE_MS) return 'close';
    if (nowMs - this.#toldAtMs < TELL_EVERY_MS) return 'drop';
    this.#toldAtMs = nowMs;
    return 'drop_and_tell';
  }

  /** Messages dropped since this was last asked. */
  takeDropped(): number {
    const dropped = this.#untold;
    this.#untold = 0;
    return dropped;
  }
}
