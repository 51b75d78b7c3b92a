/** Everyday words for a total that broke its limit: connections, errors, the delivery ledger. */

import type { TierAnalysis } from '../../analysis/tier-analysis.ts';
import { formatConnections, formatCount, formatPercent, formatQuantity } from '../quantities.ts';
import type { Check } from '../verdict.ts';

/** @returns null when the check is no total */
export function totalBroken(check: Check, tiers: readonly TierAnalysis[]): string | null {
  const seen = formatQuantity(check.observed, check.unit);
  const expected = tiers.reduce((total, tier) => total + tier.ledger.expected, 0);
  const attempted = tiers.reduce((total, tier) => total + tier.attempted, 0);
  const share = (whole: number) => formatPercent(whole === 0 ? null : (check.observed ?? 0) / whole);
  const why = check.detail?.split(': ')[1];
  switch (check.name) {
    case 'not-connected':
      return `${seen} of ${formatConnections(attempted)} were never made (${why ?? share(attempted)})`;
    case 'errors':
      return `${seen} errors (${why ?? 'see the table'})`;
    case 'lost':
      return `${seen} of ${formatCount(expected)} messages were lost (${share(expected)})`;
    case 'duplicated':
      return `${seen} messages arrived more than once (${share(expected)})`;
    case 'out-of-order':
      return `${seen} messages arrived out of order (${share(expected)})`;
    case 'wrong-room':
      return `${seen} messages reached clients that had not joined their room`;
    default:
      return null;
  }
}
