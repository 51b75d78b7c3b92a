/** p50 and p99 of a histogram, where it has samples enough. */

import type { LatencyHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { Quantiles } from './server/server-messages.ts';

/** A percentile needs ten samples beyond it. */
const LEAST_BEYOND = 10;

export function latencyQuantiles(histogram: LatencyHistogram): Quantiles {
  const quantile = (q: number) => (histogram.count * (1 - q) < LEAST_BEYOND ? null : histogram.quantileMs(q));
  return { p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}
