/** What checks and findings about the load of a whole run need to see, whatever the scenario calls its parts. */

import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import type { RunEnvelope } from '../../record/run-envelope.ts';
import type { Limits } from '../thresholds.ts';

export interface LoadContext {
  readonly record: RunEnvelope;
  readonly limits: Limits;
  /** Every stretch of load, sick ones too. */
  readonly tiers: readonly TierAnalysis[];
  /** Names some of them: `at 100 and 500 connections`, `in the cycles 2 and 3`. */
  readonly placesOf: (tiers: readonly TierAnalysis[]) => string;
}
