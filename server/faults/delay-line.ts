/** Holds things back until their time, strictly in the order they came. One timer, however many wait. */

export interface DelayLineOptions {
  /** Monotonic ms. */
  readonly nowMs: () => number;
  /** When something that comes now may go; never before `nowMs`. */
  readonly dueAt: (nowMs: number) => number;
}

interface Held {
  readonly dueAtMs: number;
  readonly release: () => void;
}

export class DelayLine {
  /** How many things ever had to wait. */
  held = 0;
  readonly #options: DelayLineOptions;
  #queue: Held[] = [];
  #lastDueAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: DelayLineOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#queue.length;
  }

  /** Calls `release` when its time has come and everything before it has gone; at once if that is now. */
  pass(release: () => void): void {
    const nowMs = this.#options.nowMs();
    const dueAtMs = Math.max(this.#options.dueAt(nowMs), this.#lastDueAtMs);
    this.#lastDueAtMs = dueAtMs;
    if (dueAtMs <= nowMs && this.#queue.length === 0) {
      release();
      return;
    }
    this.held += 1;
    this.#queue.push({ dueAtMs, release });
    this.#timer ??= this.#wake(dueAtMs - nowMs);
  }

  /** Forgets what waits. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#queue = [];
  }

  #wake(inMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#releaseDue(), Math.ceil(inMs));
  }

  #releaseDue(): void {
    this.#timer = null;
    const nowMs = this.#options.nowMs();
    let due = 0;
    while (due < this.#queue.length && (this.#queue[due]?.dueAtMs ?? 0) <= nowMs) due += 1;
    for (const { release } of this.#queue.splice(0, due)) release();
    const [next] = this.#queue;
    if (next !== undefined) this.#timer ??= this.#wake(next.dueAtMs - this.#options.nowMs());
  }
}
