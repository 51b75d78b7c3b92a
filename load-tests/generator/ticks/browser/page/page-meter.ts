/** What the page received in the measured window, and how long it was under way. Times are ms of the page's clock. */

import type { PageReport, PageWindow } from '../page-contract.ts';
import { SparseLatencies } from './latency-counts.ts';

interface Second {
  received: number;
  readonly latency: SparseLatencies;
}

type MeterReport = Pick<PageReport, 'measured' | 'firstHalf' | 'secondHalf' | 'negative' | 'seconds'>;

export class PageMeter {
  #window: PageWindow = { startMs: 0, endMs: 0 };
  readonly #measured = { received: 0, skipped: 0, bytes: 0 };
  readonly #firstHalf = new SparseLatencies();
  readonly #secondHalf = new SparseLatencies();
  #seconds: readonly Second[] = [];
  #negative = 0;
  /** Since {@link takeRecent}. */
  #recent = new SparseLatencies();

  open(window: PageWindow): void {
    this.#window = window;
    const seconds = Math.ceil((window.endMs - window.startMs) / 1_000);
    this.#seconds = Array.from({ length: seconds }, () => ({ received: 0, latency: new SparseLatencies() }));
  }

  includes(atMs: number): boolean {
    return atMs >= this.#window.startMs && atMs < this.#window.endMs;
  }

  /** @param bytes of the whole frame */
  count(atMs: number, ticks: number, bytes: number): void {
    if (!this.includes(atMs)) return;
    this.#measured.received += ticks;
    this.#measured.bytes += bytes;
    const second = this.#seconds[Math.floor((atMs - this.#window.startMs) / 1_000)];
    if (second !== undefined) second.received += ticks;
  }

  skip(atMs: number, ticks: number): void {
    if (this.includes(atMs)) this.#measured.skipped += ticks;
  }

  /** A tick that came `atMs` was timed. */
  time(atMs: number, latencyUs: number): void {
    const isMeasured = this.includes(atMs);
    if (latencyUs < 0) {
      if (isMeasured) this.#negative += 1;
      return;
    }
    this.#recent.record(latencyUs);
    if (!isMeasured) return;
    const { startMs, endMs } = this.#window;
    const half = atMs * 2 < startMs + endMs ? this.#firstHalf : this.#secondHalf;
    half.record(latencyUs);
    this.#seconds[Math.floor((atMs - startMs) / 1_000)]?.latency.record(latencyUs);
  }

  takeRecent(): SparseLatencies {
    const recent = this.#recent;
    this.#recent = new SparseLatencies();
    return recent;
  }

  report(): MeterReport {
    return {
      measured: this.#measured,
      firstHalf: this.#firstHalf.counts(),
      secondHalf: this.#secondHalf.counts(),
      negative: this.#negative,
      seconds: this.#seconds.map(({ received, latency }) => ({ received, latency: latency.counts() })),
    };
  }
}
