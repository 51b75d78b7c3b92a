/** Turns the times of a periodic tick into event-loop delay: a cumulative histogram and the last 10 s. */

import { BucketHistogram } from '../hub/bucket-histogram.ts';

export interface LoopDelayRecorderOptions {
  readonly periodMs: number;
  /** Upper bounds of the cumulative histogram, in seconds. */
  readonly bounds: readonly number[];
  /** How much of the past {@link LoopDelayRecorder.recentP99Ms} looks at. */
  readonly recentMs: number;
}

/**
 * Records time-weighted delay: a tick that is late by d at period p records d, d − p, d − 2p, … > 0, which is
 * what events arriving throughout that time would have waited. Adding values that were never measured is
 * legitimate here because the sampler is periodic; on latencies of real requests it would not be.
 *
 * @see https://hdrhistogram.github.io/HdrHistogram/JavaDoc/org/HdrHistogram/AbstractHistogram.html `recordValueWithExpectedInterval`
 */
export class LoopDelayRecorder {
  /** Seconds; only grows, so scrapers do not take figures from each other. */
  readonly histogram: BucketHistogram;
  readonly #periodMs: number;
  /** Ring of the last delays in ms. Each stands for one period of time, so the ring spans `recentMs`. */
  readonly #recent: Float64Array;
  #next = 0;
  #filled = 0;
  #lastTickAtMs: number | null = null;

  constructor(options: LoopDelayRecorderOptions) {
    this.histogram = new BucketHistogram(options.bounds);
    this.#periodMs = options.periodMs;
    this.#recent = new Float64Array(Math.max(1, Math.round(options.recentMs / options.periodMs)));
  }

  /**
   * Takes note that the periodic timer fired. The first tick only sets the mark.
   *
   * @param nowMs monotonic ms
   */
  tick(nowMs: number): void {
    const last = this.#lastTickAtMs;
    this.#lastTickAtMs = nowMs;
    if (last === null) return;
    const lateMs = Math.max(0, nowMs - last - this.#periodMs);
    this.#record(lateMs);
    for (let missedMs = lateMs - this.#periodMs; missedMs > 0; missedMs -= this.#periodMs) {
      this.#record(missedMs);
    }
  }

  /** Forgets when the last tick was, so that a pause of the sampler itself is not taken for delay. */
  pause(): void {
    this.#lastTickAtMs = null;
  }

  /** 99th percentile of the last `recentMs`, nearest rank; 0 before the first sample. */
  recentP99Ms(): number {
    if (this.#filled === 0) return 0;
    const sorted = this.#recent.slice(0, this.#filled).sort();
    return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
  }

  #record(delayMs: number): void {
    this.histogram.observe(delayMs / 1000);
    this.#recent[this.#next] = delayMs;
    this.#next = (this.#next + 1) % this.#recent.length;
    this.#filled = Math.min(this.#filled + 1, this.#recent.length);
  }
}
