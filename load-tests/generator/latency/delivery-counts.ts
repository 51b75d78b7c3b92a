/** Deliveries by second of the measured window, for loads whose latency nobody measures. */

import type { LoadWindow } from './latency-book.ts';

/** Counts each delivery under the second in which it came. */
export class DeliveryCounts {
  readonly #window: LoadWindow;
  readonly #seconds: number[];

  constructor(window: LoadWindow) {
    this.#window = window;
    const seconds = Math.ceil((window.measureEndUs - window.measureStartUs) / 1e6);
    this.#seconds = new Array<number>(seconds).fill(0);
  }

  /** A first copy came at this time (µs); outside the measured window nothing is counted. */
  count(receivedUs: number): void {
    const { measureStartUs, measureEndUs } = this.#window;
    if (!(receivedUs >= measureStartUs && receivedUs < measureEndUs)) return;
    const second = Math.floor((receivedUs - measureStartUs) / 1e6);
    this.#seconds[second] = (this.#seconds[second] ?? 0) + 1;
  }

  /** One count a second of the window. */
  report(): readonly number[] {
    return this.#seconds;
  }
}
