/** The moment to look at when a tier was slow: its worst second and the server's figures in it. */

import type { TierRecord } from '../record/tier-record.ts';
import { nearestSample } from './nearest-sample.ts';
import type { WorstSecond } from './tier-analysis.ts';

/** The second with the highest p99 (the highest maximum where no p99 has enough samples). */
export function worstSecondOf(tier: TierRecord): WorstSecond | null {
  const { seconds } = tier.load;
  const worst = seconds.reduce<(typeof seconds)[number] | null>(
    (found, second) => (found === null || badness(second) > badness(found) ? second : found),
    null,
  );
  if (worst === null || worst.maxMs === null) return null;
  // Second k covers elapsedMs to elapsedMs + 1,000; the reading that saw it ends nearest to its end.
  const endMs = worst.elapsedMs + 1_000;
  return {
    elapsedMs: worst.elapsedMs,
    p99Ms: worst.p99Ms,
    maxMs: worst.maxMs,
    typicalP99Ms: median(seconds.flatMap((second) => (second.p99Ms === null ? [] : [second.p99Ms]))),
    server: nearestSample(tier.serverSamples, endMs),
  };
}

function badness(second: TierRecord['load']['seconds'][number]): number {
  return second.p99Ms ?? second.maxMs ?? -1;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
