/** Scrapes a server once in every second in which it is to be scraped, over slices that are shorter than that. */

/** As a Prometheus would. */
const SCRAPE_EVERY_MS = 1_000;

export class ScrapeClock {
  readonly #scrape: () => void;
  /** The first falls half an interval into the time that is measured, so that 4 s have four. */
  #dueInMs = SCRAPE_EVERY_MS / 2;
  #countedFromMs: number | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(scrape: () => void) {
    this.#scrape = scrape;
  }

  /** Time counts from here. */
  start(): void {
    this.#countedFromMs ??= performance.now();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#countedFromMs = performance.now();
      this.#dueInMs = SCRAPE_EVERY_MS;
      this.#scrape();
      this.start();
    }, this.#dueInMs);
  }

  /** Time stands still until the next start. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#countedFromMs === null) return;
    this.#dueInMs = Math.max(0, this.#dueInMs - (performance.now() - this.#countedFromMs));
    this.#countedFromMs = null;
  }
}
