/** What the server showed at a moment of the measured window. */

import type { ServerSample, TierRecord } from '../record/tier-record.ts';

/** A reading further away than this says nothing about that second. */
const NEAREST_READING_MS = 2_000;

/** The reading nearest to a moment of the measured window; null where none is near. */
export function nearestSample(samples: TierRecord['serverSamples'], elapsedMs: number): ServerSample | null {
  const distance = (sample: ServerSample) => Math.abs(sample.elapsedMs - elapsedMs);
  const nearest = samples.reduce<ServerSample | null>(
    (found, sample) => (found === null || distance(sample) < distance(found) ? sample : found),
    null,
  );
  return nearest !== null && distance(nearest) <= NEAREST_READING_MS ? nearest : null;
}
