/** What has been judged by the time findings are written. */

import type { Check, Limit, TierVerdict } from '../../verdict.ts';

export interface Judged {
  readonly checks: readonly Check[];
  readonly tiers: readonly TierVerdict[];
  readonly knee: number | null;
  readonly limitedBy: Limit;
}
