/** What stopped the run from going further. */

import type { ConcurrencyRecord } from '../../record/concurrency-record.ts';
import { formatConnections } from '../quantities.ts';
import type { Limit } from '../verdict.ts';
import type { TierVerdict } from './concurrency-verdict.ts';

/** What limited the run: the limit of the first tier past the knee. */
export function limitOfRun(
  tiers: readonly TierVerdict[],
  knee: number | null,
  { outcome }: ConcurrencyRecord,
): Limit {
  const stopped = tiers.find((tier) => tier.connections > (knee ?? 0) && tier.broken.length > 0);
  if (stopped !== undefined) {
    return {
      kind: stopped.limit.kind,
      sentence: `at ${formatConnections(stopped.connections)} ${stopped.limit.sentence}`,
    };
  }
  if (tiers.length === 0) return { kind: 'none', sentence: 'no tier was measured' };
  return {
    kind: 'none',
    sentence: `nothing gave way up to ${formatConnections(tiers.at(-1)?.connections ?? 0)}, the largest tier ${outcome.state === 'completed' ? 'asked for' : 'measured before the run ended early'}`,
  };
}
