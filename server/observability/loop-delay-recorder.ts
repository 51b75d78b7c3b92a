/** Turns the times of a periodic tick into event-loop delay: a cumulative histogram and the last 10 s. */

import { BucketHistogram } from '../hub/bucket-histogram.ts';

export interface LoopDelayRecorderOptions {
  /** The time that one recorded value stands for. */
  readonly resolutionMs: number;
  /** Upper bounds of the cumulative histogram, in seconds. */
  readonly bounds: readonly number[];
  /** How much of the past {@link LoopDelayRecorder.recentP99Ms} looks at. */
  readonly recentMs: number;
}

/**
 * Records time-weighted delay: a tick that is late by d at period p records d, d − p, d − 2p, … > 0, which is
 * what events arriving throughout that time would have waited; a period of several resolutions records each value
 * as many times. Adding values that were never measured is
 * legitimate here because the sampler is periodic; on latencies of real requests it would not be.
 *
 * @see https://hdrhistogram.github.io/HdrHistogram/JavaDoc/org/HdrHistogram/AbstractHistogram.html `recordValueWithExpectedInterval`
 */
export class LoopDelayRecorder {
  /** Seconds; only grows, so scrapers do not take figures from each other. */
  readonly histogram: BucketHistogram;
  readonly #resolutionMs: number;
  /** Ring of the last delays in ms. Each stands for one resolution of time, so the ring spans `recentMs`. */
  readonly #recent: Float64Array;
  #next = 0;
  #filled = 0;
  #lastTickAtMs: number | null = null;

  constructor(options: LoopDelayRecorderOptions) {
    this.histogram = new BucketHistogram(options.bounds);
    this.#resolutionMs = options.resolutionMs;
    this.#recent = new Float64Array(Math.max(1, Math.round(options.recentMs / options.resolutionMs)));
  }

  /**
   * Takes note that the timer fired. The first tick only sets the mark.
   *
   * @param nowMs monotonic ms
   * @param periodMs how long the timer was set for, a multiple of the resolution
   * @returns how late it was, in ms
   */
  tick(nowMs: number, periodMs: number): number {
    const last = this.#lastTickAtMs;
    this.#lastTickAtMs = nowMs;
    if (last === null) return 0;
    const lateMs = Math.max(0, nowMs - last - periodMs);
    const weight = Math.round(periodMs / this.#resolutionMs);
    this.#record(lateMs, weight);
    for (let missedMs = lateMs - periodMs; missedMs > 0; missedMs -= periodMs) this.#record(missedMs, weight);
    return lateMs;
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

  #record(delayMs: number, weight: number): void {
    for (let times = 0; times < weight; times += 1) {
      this.histogram.observe(delayMs / 1000);
      this.#recent[this.#next] = delayMs;
      this.#next = (this.#next + 1) % this.#recent.length;
    }
    this.#filled = Math.min(this.#filled + weight, this.#recent.length);
  }
}
