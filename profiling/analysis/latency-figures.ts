/** Percentiles of an encoded histogram, left out where too few samples stand behind them. */

import {
  decodeHistogram,
  type LatencyHistogram,
} from '../../load-tests/generator/latency/latency-histogram.ts';
import type { LatencyFigures } from './tier-analysis.ts';

/** A percentile with fewer samples above it than this is the luck of the run. */
const SAMPLES_ABOVE = 10;

/** Samples that the quantile `q` (0–1) needs: 10 ÷ (1 − q), so 1,000 for a p99. */
export function samplesNeeded(q: number): number {
  // 1 − 0.99 is a little more than 0.01 in floating point: round, so that exactly 1,000 samples do.
  return Math.round(SAMPLES_ABOVE / (1 - q));
}

/** @param encoded a histogram of microseconds as run.json keeps it */
export function latencyFigures(encoded: string): LatencyFigures {
  return figuresOf(decodeHistogram(encoded));
}

/** {@link latencyFigures} of one that was decoded, or put together. */
export function figuresOf(histogram: LatencyHistogram): LatencyFigures {
  const n = histogram.count;
  const quantile = (q: number): number | null => (n < samplesNeeded(q) ? null : histogram.quantileMs(q));
  return {
    n,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    p999Ms: quantile(0.999),
    maxMs: n === 0 ? null : histogram.maxMs,
    meanMs: n === 0 ? null : histogram.meanMs,
  };
}
