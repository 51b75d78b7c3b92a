/** The latencies of a worker's deliveries: by half, by second and, where wanted, by slot of the measured window. */

import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { LatencySlots } from './latency-slots.ts';

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
  /** Response times, one histogram a slot; null where the plan wants none. */
  readonly slots: readonly string[] | null;
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
  readonly #slots: LatencySlots | null;
  #negative = 0;
  #receivedUs = 0;

  /** @param slots equal stretches of the window that are kept apart; 0: none */
  constructor(window: LoadWindow, slots = 0) {
    this.#window = window;
    this.#middleUs = (window.measureStartUs + window.measureEndUs) / 2;
    const lengthUs = window.measureEndUs - window.measureStartUs;
    const seconds = Math.ceil(lengthUs / 1e6);
    this.#seconds = Array.from({ length: seconds }, () => new LatencyHistogram(2));
    this.#slots = slots === 0 ? null : new LatencySlots(window.measureStartUs, lengthUs / slots, slots);
  }

  /** What is recorded from here on came at this time (µs). */
  received(atUs: number): void {
    this.#receivedUs = atUs;
  }

  /** A first copy arrived; outside the measured window nothing is recorded. */
  record({ intendedUs, sentUs }: Readonly<LedgerEntry>): void {
    const { measureStartUs, measureEndUs } = this.#window;
    if (!(intendedUs >= measureStartUs && intendedUs < measureEndUs)) return;
    // The clock gives nanoseconds, entries too; half a µs absorbs the rounding of both.
    const receivedUs = this.#receivedUs + 0.5;
    if (receivedUs < sentUs || receivedUs < intendedUs) {
      this.#negative += 1;
      return;
    }
    // Whole µs: small integers are passed on without an allocation.
    const responseUs = wholeUs(receivedUs - intendedUs);
    const half = intendedUs < this.#middleUs ? this.#firstHalf : this.#secondHalf;
    half.record(responseUs);
    this.#service.record(wholeUs(receivedUs - sentUs));
    this.#seconds[((intendedUs - measureStartUs) / 1e6) | 0]?.record(responseUs);
    if (this.#slots !== null) this.#slots.record(intendedUs, responseUs);
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
      slots: this.#slots?.report() ?? null,
      negative: this.#negative,
    };
  }
}

/** Rounds down what fits 31 bits (36 minutes); what is longer stays, for the histogram to clamp. */
function wholeUs(us: number): number {
  return us < 2 ** 31 ? us | 0 : us;
}
