/** Counts failures by reason. */

import type { FailureCount } from './load-result.ts';

export class FailureTally {
  readonly #counts = new Map<string, number>();

  /** Counts one failure, or several. */
  add(reason: string, count = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  /** Adds what another tally listed. */
  merge(failures: readonly FailureCount[]): void {
    for (const { reason, count } of failures) this.add(reason, count);
  }

  /** The most frequent first. */
  list(): FailureCount[] {
    return [...this.#counts]
      .map(([reason, count]) => ({ reason, count }))
      .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
  }
}
