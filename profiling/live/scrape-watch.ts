/** Knows whether somebody scrapes, and how often. */

/** Counts answered scrapes; times are monotonic ms. */
export class ScrapeWatch {
  readonly #now: () => number;
  #lastMs: number | null = null;
  #intervalMs: number | null = null;
  readonly #waiting = new Set<() => void>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A scrape that came at this time was answered. */
  answered(cameAtMs: number): void {
    if (this.#lastMs !== null) this.#intervalMs = cameAtMs - this.#lastMs;
    this.#lastMs = cameAtMs;
    for (const tell of this.#waiting) tell();
  }

  /** Whether there ever was one. */
  get isWatched(): boolean {
    return this.#lastMs !== null;
  }

  /**
   * Waits until a scrape that comes from now on was answered, and then as long as scrapes are apart: who scrapes this
   * process in turn with others has been to all of them. Not at all where nobody ever scraped.
   */
  async linger(atMostMs: number): Promise<void> {
    if (!this.isWatched) return;
    const fromMs = this.#now();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, atMostMs);
      const look = (): void => {
        if ((this.#lastMs ?? 0) >= fromMs) done();
      };
      const waiting = this.#waiting;
      waiting.add(look);
      function done(): void {
        clearTimeout(timer);
        waiting.delete(look);
        resolve();
      }
    });
    const leftMs = Math.min(this.#intervalMs ?? 0, atMostMs) - (this.#now() - fromMs);
    if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
  }
}
