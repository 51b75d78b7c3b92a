/** A ratio from pairs: its geometric mean and how sure that is. */

import { estimateMean, pairsToSettle as pairsToSettleMean } from './paired-mean.ts';

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
  const logs = estimateMean(ratios.map(Math.log));
  if (logs === null) return null;
  return {
    ratio: Math.exp(logs.mean),
    low: Math.exp(logs.low),
    high: Math.exp(logs.high),
    pairs: logs.pairs,
    deviation: logs.deviation,
  };
}

/**
 * How many pairs would tell on which side of a limit the ratio lies, if it and its scatter stay as they are.
 *
 * @returns null when more than anybody waits for would not
 */
export function pairsToSettle({ ratio, deviation, pairs }: RatioEstimate, limit: number): number | null {
  return pairsToSettleMean({ mean: Math.log(ratio), deviation, pairs }, Math.log(limit));
}
