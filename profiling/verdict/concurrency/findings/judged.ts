/** What has been judged by the time findings are written. */

import type { Check, Limit } from '../../verdict.ts';
import type { TierVerdict } from '../concurrency-verdict.ts';

export interface Judged {
  readonly checks: readonly Check[];
  readonly tiers: readonly TierVerdict[];
  readonly knee: number | null;
  readonly limitedBy: Limit;
}
