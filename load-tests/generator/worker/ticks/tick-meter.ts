/** What the readers of a worker received, by second of the measured window, and how long it was under way. */

import type { LoadWindow } from '../../latency/latency-book.ts';
import { LatencyHistogram } from '../../latency/latency-histogram.ts';
import type { TickIntake } from '../../ticks/reading/tick-stream.ts';
import type { TickMeterReport } from '../../ticks/tick-messages.ts';

/** What the readers tell their server of a stretch of time. */
export interface TickLatencies {
  readonly avgMs: number;
  readonly p99Ms: number;
}

export class TickMeter implements TickIntake {
  /** µs of the monotonic clock: what is counted and timed from here on came then. */
  receivedUs = 0;
  /** All ticks so far, and how often a socket handed some over. */
  received = 0;
  reads = 0;
  /** Before the window is known nothing is in it. */
  #startUs = 0;
  #middleUs = 0;
  #endUs = 0;
  #inWindow = { received: 0, skipped: 0, bytes: 0 };
  #perSecond: number[] = [];
  #firstHalf = new LatencyHistogram();
  #secondHalf = new LatencyHistogram();
  #seconds: readonly LatencyHistogram[] = [];
  #negative = 0;
  /** Since {@link takeLatencies} was called last. */
  #recent = new LatencyHistogram(2);

  /** What comes in this window is measured. */
  open({ measureStartUs, measureEndUs }: LoadWindow): void {
    this.#startUs = measureStartUs;
    this.#middleUs = (measureStartUs + measureEndUs) / 2;
    this.#endUs = measureEndUs;
    const seconds = Math.ceil((measureEndUs - measureStartUs) / 1e6);
    this.#perSecond = new Array<number>(seconds).fill(0);
    this.#seconds = Array.from({ length: seconds }, () => new LatencyHistogram(2));
  }

  count(ticks: number, bytes: number): void {
    this.received += ticks;
    this.reads += 1;
    if (!this.#isMeasured()) return;
    this.#inWindow.received += ticks;
    this.#inWindow.bytes += bytes;
    const second = this.#second();
    this.#perSecond[second] = (this.#perSecond[second] ?? 0) + ticks;
  }

  skip(ticks: number): void {
    if (this.#isMeasured()) this.#inWindow.skipped += ticks;
  }

  time(latencyUs: number): void {
    const isMeasured = this.#isMeasured();
    if (latencyUs < 0) {
      if (isMeasured) this.#negative += 1;
      return;
    }
    this.#recent.record(latencyUs);
    if (!isMeasured) return;
    const half = this.receivedUs < this.#middleUs ? this.#firstHalf : this.#secondHalf;
    half.record(latencyUs);
    this.#seconds[this.#second()]?.record(latencyUs);
  }

  /** Latencies since this was asked last; zeros where nothing was timed. */
  takeLatencies(): TickLatencies {
    const recent = this.#recent;
    if (recent.count === 0) return { avgMs: 0, p99Ms: 0 };
    this.#recent = new LatencyHistogram(2);
    return { avgMs: recent.meanMs ?? 0, p99Ms: recent.quantileMs(0.99) ?? 0 };
  }

  /** Latencies of the window so far, to two digits; null before it. */
  soFar(): LatencyHistogram | null {
    if (this.#seconds.length === 0) return null;
    const all = new LatencyHistogram(2);
    for (const second of this.#seconds) all.merge(second);
    return all;
  }

  report(): TickMeterReport {
    return {
      ...this.#inWindow,
      firstHalf: this.#firstHalf.encode(),
      secondHalf: this.#secondHalf.encode(),
      negative: this.#negative,
      seconds: this.#seconds.map((latency, second) => ({
        received: this.#perSecond[second] ?? 0,
        latency: latency.encode(),
      })),
    };
  }

  #isMeasured(): boolean {
    return this.receivedUs >= this.#startUs && this.receivedUs < this.#endUs;
  }

  #second(): number {
    return Math.floor((this.receivedUs - this.#startUs) / 1e6);
  }
}
