/** What every merge of workers' reports is made of. Pure. */

import { FailureTally } from '../failure-tally.ts';
import { decodeHistogram, LatencyHistogram } from '../latency/latency-histogram.ts';
import type { FailureCount } from '../load-result.ts';

/** One histogram of all that several encoded ones recorded. */
export function mergeHistograms(encoded: readonly string[]): LatencyHistogram {
  const merged = new LatencyHistogram();
  for (const text of encoded) merged.merge(decodeHistogram(text));
  return merged;
}

/** One list of failures, each reason once. */
export function mergeFailures(lists: readonly (readonly FailureCount[])[]): FailureCount[] {
  const tally = new FailureTally();
  for (const list of lists) tally.merge(list);
  return tally.list();
}

/** The sum of a field. */
export function total<T>(items: readonly T[], field: (item: T) => number): number {
  return items.reduce((sum, item) => sum + field(item), 0);
}
