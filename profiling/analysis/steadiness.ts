/** Whether the measured window was one thing throughout: its two halves must agree. */

import type { LoadResult } from '../../load-tests/generator/load-result.ts';
import { latencyFigures } from './latency-figures.ts';
import type { LatencyFigures, Steadiness } from './tier-analysis.ts';

/**
 * The medians may differ by as much as the smaller one again, or by 2 ms where that is more. A queue that grows
 * or a warm-up that has not ended multiplies the median from half to half; scheduling noise on a shared machine
 * shakes a median of 1 ms by tenths, and 2 ms is a fifth of the p50 threshold, so noise cannot turn a verdict.
 * Medians, since the deliveries of one broadcast are late together and make tails jump in short windows.
 */
const ALLOWED_RATIO = 2;
const ALLOWED_DIFFERENCE_MS = 2;

/** The halves must carry the same load: 10 % covers the one broadcast that falls on the border of a short window. */
const ALLOWED_COUNT_DIFFERENCE_RATIO = 0.1;

/** With fewer broadcasts in each half than this, the halves differ by luck. */
const MIN_BROADCASTS = 10;

/** Compares the two halves of the window of a tier. */
export function steadinessOf(load: LoadResult): Steadiness {
  const broadcasts = (load.publish.achievedPerSecond * load.measureAchievedMs) / 2_000;
  const halves = halvesOf(load.latency);
  const tooShort = `too short to compare its halves: ${Math.floor(broadcasts)} broadcasts in each, ${MIN_BROADCASTS} needed`;
  return broadcasts < MIN_BROADCASTS
    ? { state: 'unknown', ...halves, detail: tooShort }
    : compareHalves(halves, tooShort);
}

type Halves = Pick<Steadiness, 'firstHalf' | 'secondHalf'>;

/** @param latency encoded */
export function halvesOf(latency: { readonly firstHalf: string; readonly secondHalf: string }): Halves {
  return {
    firstHalf: latencyFigures(latency.firstHalf),
    secondHalf: latencyFigures(latency.secondHalf),
  };
}

/**
 * @param tooFew said where a half has too few samples for a median
 * @param counted what the samples are
 */
export function compareHalves(halves: Halves, tooFew: string, counted = 'deliveries'): Steadiness {
  const { firstHalf, secondHalf } = halves;
  const [first, second] = [firstHalf.p50Ms, secondHalf.p50Ms];
  if (first === null || second === null) return { state: 'unknown', ...halves, detail: tooFew };
  const said = `p50 ${first.toFixed(2)} ms in the first half, ${second.toFixed(2)} ms in the second`;
  if (!countsAgree(firstHalf, secondHalf)) {
    return {
      state: 'not-steady',
      ...halves,
      detail: `${firstHalf.n} ${counted} in the first half, ${secondHalf.n} in the second`,
    };
  }
  return { state: mediansAgree(first, second) ? 'steady' : 'not-steady', ...halves, detail: said };
}

function mediansAgree(firstMs: number, secondMs: number): boolean {
  const [low, high] = firstMs < secondMs ? [firstMs, secondMs] : [secondMs, firstMs];
  return high - low <= ALLOWED_DIFFERENCE_MS || high <= ALLOWED_RATIO * low;
}

function countsAgree(first: LatencyFigures, second: LatencyFigures): boolean {
  return Math.abs(first.n - second.n) <= ALLOWED_COUNT_DIFFERENCE_RATIO * Math.max(first.n, second.n);
}
