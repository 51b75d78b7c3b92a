/** The rate that a run must sustain to one reader. */

import { type Limits, THRESHOLDS } from '../thresholds.ts';

export interface TickRateAsked {
  /** Limits that differ from the defaults, by name. */
  readonly thresholds: Readonly<Record<string, number>>;
  readonly limits: Limits;
  /** The highest rate of the sweep. */
  readonly highestRate: number;
}

/** A limit that somebody typed is taken as it is; of the default no more than was asked for. */
export function requiredTickRate({ thresholds, limits, highestRate }: TickRateAsked): number {
  if (thresholds['sustained-tick-rate'] !== undefined) return limits['sustained-tick-rate'];
  return Math.min(THRESHOLDS['sustained-tick-rate'].limit, highestRate);
}
