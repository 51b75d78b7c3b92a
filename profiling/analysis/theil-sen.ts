/**
 * The Theil–Sen slope: the median of the slopes of all pairs of points. Some outliers do not move it, and its interval
 * comes from Kendall's S alone, whatever the distribution of the noise.
 *
 * @see Sen, P. K. (1968): Estimates of the regression coefficient based on Kendall's tau, JASA 63
 */

import { kendallCritical, kendallS, kendallTail } from './kendall.ts';
import type { Point } from './least-squares.ts';

const ONE_SIDED_ALPHA = 0.05;
const TWO_SIDED_ALPHA = 0.025;

export interface TheilSenFit {
  readonly slope: number;
  /** The line passes through the median of what remains above it. */
  readonly intercept: number;
  /** One-sided lower 95 % bound of the slope; null with fewer than four points. */
  readonly lowerBound: number | null;
  /** Two-sided 95 % interval; null with fewer than five points. */
  readonly interval: readonly [low: number, high: number] | null;
  /** How likely chance alone makes so many pairs rise (Mann–Kendall, one-sided). Shown, never judged. */
  readonly trendP: number;
  readonly points: readonly Point[];
}

/** @returns null with fewer than two different x */
export function fitTheilSen(points: readonly Point[]): TheilSenFit | null {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const slopes = pairSlopes(sorted);
  if (slopes.length === 0) return null;
  const slope = median(slopes);
  const bounds = boundsAt(sorted, slopes, TWO_SIDED_ALPHA);
  return {
    slope,
    intercept: median(sorted.map(({ x, y }) => y - slope * x)),
    lowerBound: boundsAt(sorted, slopes, ONE_SIDED_ALPHA)?.[0] ?? null,
    interval: bounds,
    trendP: kendallTail(sorted.length, kendallS(sorted.map(({ y }) => y))),
    points: sorted,
  };
}

/** Slopes of all pairs with different x, ascending. */
function pairSlopes(points: readonly Point[]): readonly number[] {
  return points
    .flatMap((left, index) =>
      points
        .slice(index + 1)
        .flatMap((right) => (right.x === left.x ? [] : [(right.y - left.y) / (right.x - left.x)])),
    )
    .sort((a, b) => a - b);
}

/**
 * The slopes between which the true one lies: were it lower than the one returned first, S of the points with that
 * line taken off would be one that chance reaches with a probability of at most `alpha`.
 *
 * @param alpha of each side
 */
function boundsAt(
  points: readonly Point[],
  slopes: readonly number[],
  alpha: number,
): readonly [number, number] | null {
  // Points with equal x make fewer slopes than the distribution counts pairs.
  if (slopes.length !== (points.length * (points.length - 1)) / 2) return null;
  const critical = kendallCritical(points.length, alpha);
  if (critical === null) return null;
  const fromEnd = (slopes.length - critical) / 2;
  const low = slopes[fromEnd];
  const high = slopes[slopes.length - 1 - fromEnd];
  return low === undefined || high === undefined ? null : [low, high];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
