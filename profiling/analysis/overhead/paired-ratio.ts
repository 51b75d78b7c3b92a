/** A ratio from pairs: its geometric mean and how sure that is. */

import { studentT975 } from '../student-t.ts';

export interface RatioEstimate {
  /** Geometric mean. */
  readonly ratio: number;
  /** Ends of the 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
  /** Standard deviation of the logarithms: how far one pair lies from the mean. */
  readonly deviation: number;
}

/**
 * Ratios are averaged as logarithms, so that twice and half cancel out; the interval is Student's t on the same.
 *
 * @param ratios each of one pair, above 0
 * @returns null of fewer than two
 */
export function estimateRatio(ratios: readonly number[]): RatioEstimate | null {
  const pairs = ratios.length;
  if (pairs < 2) return null;
  const logs = ratios.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / pairs;
  const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (pairs - 1));
  const half = halfWidth(deviation, pairs);
  return {
    ratio: Math.exp(mean),
    low: Math.exp(mean - half),
    high: Math.exp(mean + half),
    pairs,
    deviation,
  };
}

/** More than this nobody waits for. */
const MOST_PAIRS = 1_000;

/**
 * How many pairs would tell on which side of a limit the ratio lies, if it and its scatter stay as they are.
 *
 * @returns null when even {@link MOST_PAIRS} would not
 */
export function pairsToSettle({ ratio, deviation, pairs }: RatioEstimate, limit: number): number | null {
  const distance = Math.abs(Math.log(ratio) - Math.log(limit));
  for (let count = pairs; count <= MOST_PAIRS; count += 1) {
    if (halfWidth(deviation, count) < distance) return count;
  }
  return null;
}

function halfWidth(deviation: number, pairs: number): number {
  return (studentT975(pairs - 1) * deviation) / Math.sqrt(pairs);
}
