/** A histogram as a curve: by when which share was through. */

import { decodeHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { CurvePoint } from './churn-analysis.ts';

/** Enough for a smooth line. */
const POINTS = 50;

/**
 * @param encoded a histogram of microseconds as run.json keeps it
 * @param outOf how many there were, those included that never got through
 */
export function latencyCurve(encoded: string, outOf: number): readonly CurvePoint[] {
  const histogram = decodeHistogram(encoded);
  if (histogram.count === 0 || outOf === 0) return [];
  const share = histogram.count / outOf;
  return Array.from({ length: POINTS + 1 }, (_, step) => step / POINTS).flatMap((ratio) => {
    const ms = ratio === 1 ? histogram.maxMs : histogram.quantileMs(ratio);
    return ms === null ? [] : [{ ratio: ratio * share, ms }];
  });
}
