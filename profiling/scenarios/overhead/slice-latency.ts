/** Which deliveries of a turn belong to the slices of an arm: those of the slots that lie inside them. */

import {
  decodeHistogram,
  LatencyHistogram,
} from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { LatencySlotsResult } from '../../../load-tests/generator/load-result.ts';

/** From the answer to one switch to the request of the next, µs of the monotonic clock. */
export interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
}

/** What was due so shortly before a switch may have been sent after it. */
const UNDER_WAY_US = 10_000;

/**
 * Adds up the slots that lie wholly inside one of the stretches. Where the server was switched, and shortly before, what
 * was due counts for neither arm.
 *
 * @returns encoded; empty where no slot lies inside
 */
export function latencyWithin(
  { startUs, lengthUs, response }: LatencySlotsResult,
  stretches: readonly Stretch[],
): string {
  const inside = new LatencyHistogram();
  for (const [index, slot] of response.entries()) {
    const fromUs = startUs + index * lengthUs;
    const lastUs = fromUs + lengthUs + UNDER_WAY_US;
    if (stretches.some((stretch) => stretch.fromUs <= fromUs && lastUs <= stretch.toUs)) {
      inside.merge(decodeHistogram(slot));
    }
  }
  return inside.encode();
}
