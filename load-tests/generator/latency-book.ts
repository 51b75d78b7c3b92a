/** The latencies of a worker's deliveries: by half and by second of the measured window. */

import { LatencyHistogram } from './latency-histogram.ts';

/** When a load runs, µs of the shared monotonic clock; the same for all workers. */
export interface LoadWindow {
  /** The first intended send. */
  readonly startUs: number;
  readonly measureStartUs: number;
  readonly measureEndUs: number;
}

/** Encoded, as the parent gets it. */
export interface LatencyReport {
  readonly firstHalf: string;
  readonly secondHalf: string;
  readonly service: string;
  /** One histogram of two digits a second of the window. */
  readonly seconds: readonly string[];
  readonly negative: number;
}

/** Records each delivery under its intended time; a late one still goes to its own slot. */
export class LatencyBook {
  readonly #window: LoadWindow;
  readonly #middleUs: number;
  readonly #firstHalf = new LatencyHistogram();
  readonly #secondHalf = new LatencyHistogram();
  readonly #service = new LatencyHistogram();
  readonly #seconds: readonly LatencyHistogram[];
  #negative = 0;

  constructor(window: LoadWindow) {
    this.#window = window;
    this.#middleUs = (window.measureStartUs + window.measureEndUs) / 2;
    const seconds = Math.ceil((window.measureEndUs - window.measureStartUs) / 1e6);
    this.#seconds = Array.from({ length: seconds }, () => new LatencyHistogram(2));
  }

  /** A first copy arrived; outside the measured window nothing is recorded. */
  record(intendedUs: number, sentUs: number, receivedUs: number): void {
    const { measureStartUs, measureEndUs } = this.#window;
    if (!(intendedUs >= measureStartUs && intendedUs < measureEndUs)) return;
    // The clock gives nanoseconds, entries too; half a µs absorbs the rounding of both.
    if (receivedUs < sentUs - 0.5 || receivedUs < intendedUs - 0.5) {
      this.#negative += 1;
      return;
    }
    const responseUs = Math.max(receivedUs - intendedUs, 0);
    (intendedUs < this.#middleUs ? this.#firstHalf : this.#secondHalf).record(responseUs);
    this.#service.record(Math.max(receivedUs - sentUs, 0));
    this.#seconds[Math.floor((intendedUs - measureStartUs) / 1e6)]?.record(responseUs);
  }

  /** All response times so far, to two digits. */
  soFar(): LatencyHistogram {
    const all = new LatencyHistogram(2);
    for (const second of this.#seconds) all.merge(second);
    return all;
  }

  report(): LatencyReport {
    return {
      firstHalf: this.#firstHalf.encode(),
      secondHalf: this.#secondHalf.encode(),
      service: this.#service.encode(),
      seconds: this.#seconds.map((second) => second.encode()),
      negative: this.#negative,
    };
  }
}
