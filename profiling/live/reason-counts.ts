/** Counts by reason with a bounded number of labels, so that no server can fill somebody's Prometheus. */

import type { FailureCount } from '../../load-tests/generator/load-result.ts';

/** `ECONNRESET`, `timeout`, `http_503`, `close_4002`, `subscribe_error_full`: words, and a status or close code at most. */
const REASON = /^[A-Za-z][A-Za-z_]{0,47}(_\d{3,4})?$/;
const MOST_REASONS = 20;
const OTHER = 'other';

/** The first 20 reasons that look like one have a count each; the rest is `other`. */
export class ReasonCounts {
  readonly #counts = new Map<string, number>();

  add(failures: readonly FailureCount[]): void {
    for (const { reason, count } of failures) {
      const label = this.#labelOf(reason);
      this.#counts.set(label, (this.#counts.get(label) ?? 0) + count);
    }
  }

  entries(): Iterable<readonly [string, number]> {
    return this.#counts;
  }

  #labelOf(reason: string): string {
    if (this.#counts.has(reason)) return reason;
    const known = this.#counts.size - (this.#counts.has(OTHER) ? 1 : 0);
    return REASON.test(reason) && known < MOST_REASONS ? reason : OTHER;
  }
}
