/**
 * How fast a client acknowledges, between acknowledgements that are one to two seconds apart: they come about once a second,
 * so a count over any one second would see none or two of them.
 */

const LEAST_SPAN_MS = 1_000;
/** Whoever has not acknowledged for so long is delivered nothing. */
const SILENT_AFTER_MS = 3_000;
const MS_PER_SECOND = 1_000;

interface Mark {
  readonly atMs: number;
  readonly count: number;
}

export class AcknowledgedRate {
  #from: Mark;
  #middle: Mark;
  #last: Mark;

  /** @param nowMs when the first thing that can be acknowledged is given */
  constructor(nowMs: number) {
    const start = { atMs: nowMs, count: 0 };
    this.#from = start;
    this.#middle = start;
    this.#last = start;
  }

  /** @param count of all that is acknowledged */
  acknowledged(count: number, nowMs: number): void {
    this.#last = { atMs: nowMs, count };
    if (nowMs - this.#middle.atMs < LEAST_SPAN_MS) return;
    this.#from = this.#middle;
    this.#middle = this.#last;
  }

  perSecond(nowMs: number): number {
    const spanMs = this.#last.atMs - this.#from.atMs;
    if (spanMs <= 0 || nowMs - this.#last.atMs > SILENT_AFTER_MS) return 0;
    return ((this.#last.count - this.#from.count) * MS_PER_SECOND) / spanMs;
  }
}
