/** The rate that a run must sustain. */

import { type Limits, THRESHOLDS } from '../thresholds.ts';

/** 100 broadcasts a second to 100 members; what the largest judged tier of `concurrency` asks for, too. */
export const REQUIRED_DELIVERIES_PER_SECOND = 10_000;

export interface RateAsked {
  /** Members of the match. */
  readonly connections: number;
  /** Limits that differ from the defaults, by name. */
  readonly thresholds: Readonly<Record<string, number>>;
  readonly limits: Limits;
  /** The highest rate of the sweep. */
  readonly highestRate: number;
}

/**
 * A limit that somebody typed is taken as it is. The default of 100/s is for 100 members: a larger room has to be
 * given 10,000 deliveries a second, a smaller one no more than 100 broadcasts, and none more than was asked for.
 *
 * @returns broadcasts per second
 */
export function requiredRate({ connections, thresholds, limits, highestRate }: RateAsked): number {
  if (thresholds['sustained-rate'] !== undefined) return limits['sustained-rate'];
  const scaled = REQUIRED_DELIVERIES_PER_SECOND / Math.max(1, connections);
  return Math.min(THRESHOLDS['sustained-rate'].limit, scaled, highestRate);
}
