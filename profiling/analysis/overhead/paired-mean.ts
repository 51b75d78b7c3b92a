/** The mean of pairs' differences, and how sure it is. */

import { studentT975 } from '../student-t.ts';

export interface MeanEstimate {
  readonly mean: number;
  /** Ends of the 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
  /** Standard deviation: how far one pair lies from the mean. */
  readonly deviation: number;
}

/**
 * The interval is Student's t: a pair that stands far out widens it.
 *
 * @param differences each of one pair
 * @returns null of fewer than two
 */
export function estimateMean(differences: readonly number[]): MeanEstimate | null {
  const pairs = differences.length;
  if (pairs < 2) return null;
  const mean = differences.reduce((sum, value) => sum + value, 0) / pairs;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (pairs - 1));
  const half = halfWidth(deviation, pairs);
  return { mean, low: mean - half, high: mean + half, pairs, deviation };
}

/** More than this nobody waits for. */
const MOST_PAIRS = 1_000;

/**
 * How many pairs would tell on which side of a limit the mean lies, if it and its scatter stay as they are.
 *
 * @returns null when even {@link MOST_PAIRS} would not
 */
export function pairsToSettle(
  { mean, deviation, pairs }: Pick<MeanEstimate, 'mean' | 'deviation' | 'pairs'>,
  limit: number,
): number | null {
  const distance = Math.abs(mean - limit);
  for (let count = pairs; count <= MOST_PAIRS; count += 1) {
    if (halfWidth(deviation, count) < distance) return count;
  }
  return null;
}

function halfWidth(deviation: number, pairs: number): number {
  return (studentT975(pairs - 1) * deviation) / Math.sqrt(pairs);
}
