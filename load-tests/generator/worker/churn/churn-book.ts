/** Counts what becomes of a churn's clients: each of them once, and by second. */

import type { ChurnReport, ChurnSecondReport } from '../../churn/churn-messages.ts';
import { FailureTally } from '../../failure-tally.ts';
import { LatencyHistogram } from '../../latency/latency-histogram.ts';
import type { ChurnTotals } from '../../worker-messages.ts';

/** How a client that had its welcome ended. */
export type VisitOutcome =
  | { readonly kind: 'clean' }
  | { readonly kind: 'reset' }
  /** It could not subscribe, unsubscribe or close. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The server ended it before it meant to. */
  | { readonly kind: 'unasked'; readonly reason: string }
  /** It had fallen silent, and the server ended it. */
  | { readonly kind: 'detected'; readonly reason: string; readonly silentUs: number }
  /** It had fallen silent, and was given up. */
  | { readonly kind: 'undetected' }
  /** It had fallen silent, and the run ended before its time to be found did. */
  | { readonly kind: 'cut' };

/** When the churn goes on, µs of the shared clock. */
export interface ChurnSpan {
  readonly startUs: number;
  readonly endUs: number;
}

/** What the book knows of a {@link ChurnReport}. */
export type ChurnCounts = Omit<ChurnReport, 'books' | 'sightings' | 'window'>;

type MutableSecond = { -readonly [Field in keyof ChurnSecondReport]: ChurnSecondReport[Field] };

/** One worker's clients. Pure: every time is given. */
export class ChurnBook {
  readonly #span: ChurnSpan;
  readonly #latency = new LatencyHistogram();
  readonly #scheduleLag = new LatencyHistogram();
  readonly #detection = new LatencyHistogram();
  readonly #refusals = new FailureTally();
  readonly #failures = new FailureTally();
  readonly #unasked = new FailureTally();
  readonly #detected = new FailureTally();
  readonly #seconds: MutableSecond[] = [];
  #firstUs = 0;
  #lastUs = 0;
  #attempted = 0;
  #connected = 0;
  #acceptedInTime = 0;
  #failed = 0;
  #failedInARow = 0;
  #open = 0;
  #clean = 0;
  #reset = 0;
  #silent = 0;
  #cut = 0;

  constructor(span: ChurnSpan) {
    this.#span = span;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#open;
  }

  get totals(): ChurnTotals {
    return { connected: this.#connected, failed: this.#failed, failedInARow: this.#failedInARow };
  }

  attempted(intendedUs: number, atUs: number): void {
    if (this.#attempted === 0) this.#firstUs = atUs;
    this.#attempted += 1;
    this.#scheduleLag.record(Math.max(atUs - intendedUs, 0));
    this.#secondOf(atUs).attempted += 1;
  }

  /** The welcome came. */
  accepted(startedUs: number, atUs: number): void {
    this.#connected += 1;
    this.#open += 1;
    this.#failedInARow = 0;
    this.#lastUs = atUs;
    this.#latency.record(Math.max(atUs - startedUs, 0));
    if (atUs < this.#span.endUs) this.#acceptedInTime += 1;
    this.#secondOf(atUs).accepted += 1;
  }

  /** The connection did not come up. */
  refused(reason: string, atUs: number): void {
    this.#failed += 1;
    this.#failedInARow += 1;
    this.#lastUs = atUs;
    this.#refusals.add(reason);
    this.#secondOf(atUs).failed += 1;
  }

  /** A client that had its welcome is gone. */
  over(outcome: VisitOutcome, atUs: number): void {
    this.#open -= 1;
    this.#secondOf(atUs).ended += 1;
    switch (outcome.kind) {
      case 'clean':
        this.#clean += 1;
        break;
      case 'reset':
        this.#reset += 1;
        break;
      case 'failed':
        this.#failures.add(outcome.reason);
        break;
      case 'unasked':
        this.#unasked.add(outcome.reason);
        break;
      case 'detected':
        this.#silent += 1;
        this.#detected.add(outcome.reason);
        this.#detection.record(Math.max(atUs - outcome.silentUs, 0));
        break;
      case 'undetected':
        this.#silent += 1;
        break;
      case 'cut':
        this.#silent += 1;
        this.#cut += 1;
        break;
    }
  }

  report(): ChurnCounts {
    return {
      connect: {
        attempted: this.#attempted,
        connected: this.#connected,
        startedUs: this.#firstUs,
        finishedUs: this.#lastUs,
        latency: this.#latency.encode(),
        failures: this.#refusals.list(),
      },
      scheduleLag: this.#scheduleLag.encode(),
      seconds: this.#seconds,
      acceptedInTime: this.#acceptedInTime,
      failures: this.#failures.list(),
      clean: this.#clean,
      reset: this.#reset,
      unasked: this.#unasked.list(),
      silent: this.#silent,
      cut: this.#cut,
      detected: this.#detected.list(),
      detection: this.#detection.encode(),
    };
  }

  #secondOf(atUs: number): MutableSecond {
    const index = Math.max(Math.floor((atUs - this.#span.startUs) / 1e6), 0);
    for (let next = this.#seconds.length; next <= index; next += 1) {
      this.#seconds.push({ attempted: 0, accepted: 0, failed: 0, ended: 0 });
    }
    return this.#seconds[index] ?? { attempted: 0, accepted: 0, failed: 0, ended: 0 };
  }
}
