/** What one process used and received over the measured window, which begins and ends by the shared clock. */

import type { LoadWindow } from '../latency/latency-book.ts';
import { monotonicUs } from '../monotonic-clock.ts';
import type { WindowReport } from '../worker-messages.ts';
import { type ProcessUsage, UsageWindow } from './worker-usage.ts';

/** Totals of the process; the window takes the difference. */
export interface WindowCounters {
  readonly deliveries: number;
  readonly reads: number;
}

export class MeasuredWindow {
  readonly #read: () => WindowCounters;
  readonly #startTimer: NodeJS.Timeout;
  readonly #endTimer: NodeJS.Timeout;
  #usageWindow: UsageWindow | null = null;
  #before: WindowCounters = { deliveries: 0, reads: 0 };
  #report: WindowReport | null = null;

  constructor(window: LoadWindow, read: () => WindowCounters) {
    this.#read = read;
    const nowUs = monotonicUs();
    this.#startTimer = setTimeout(() => this.#begin(), (window.measureStartUs - nowUs) / 1_000);
    this.#endTimer = setTimeout(() => this.end(), (window.measureEndUs - nowUs) / 1_000);
  }

  /** The window is over, by the clock or before its time. */
  end(): void {
    clearTimeout(this.#startTimer);
    clearTimeout(this.#endTimer);
    if (this.#usageWindow === null || this.#report !== null) return;
    const after = this.#read();
    const usage: ProcessUsage = this.#usageWindow.end();
    this.#report = {
      usage,
      deliveries: after.deliveries - this.#before.deliveries,
      reads: after.reads - this.#before.reads,
    };
  }

  /** Null when the window never began. */
  report(): WindowReport | null {
    this.end();
    return this.#report;
  }

  #begin(): void {
    this.#before = this.#read();
    this.#usageWindow = new UsageWindow();
  }
}
