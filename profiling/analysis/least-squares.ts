/** A straight line through measured points, and how sure its slope is. */

import type { LineFit } from './line-fit.ts';
import { studentT975 } from './student-t.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Ordinary least squares of y on x. The 95 % interval of the slope takes Student's t with n − 2 degrees of
 * freedom; it is null with fewer than three points, since two points always lie on a line.
 *
 * @returns null with fewer than two different x
 */
export function fitLine(points: readonly Point[]): LineFit | null {
  const n = points.length;
  const meanX = mean(points.map((point) => point.x));
  const meanY = mean(points.map((point) => point.y));
  const sxx = sum(points.map((point) => (point.x - meanX) ** 2));
  if (n < 2 || sxx === 0) return null;
  const sxy = sum(points.map((point) => (point.x - meanX) * (point.y - meanY)));
  const syy = sum(points.map((point) => (point.y - meanY) ** 2));
  const slope = sxy / sxx;
  const intercept = meanY - slope * meanX;
  const residual = sum(points.map((point) => (point.y - intercept - slope * point.x) ** 2));
  const half = n < 3 ? null : studentT975(n - 2) * Math.sqrt(residual / (n - 2) / sxx);
  return {
    slope,
    intercept,
    slopeLow: half === null ? null : slope - half,
    slopeHigh: half === null ? null : slope + half,
    r2: syy === 0 ? null : 1 - residual / syy,
    points,
  };
}

/** Half the width of the 95 % band of the fitted line at `x`; null with fewer than three points. */
export function lineBandAt(fit: LineFit, x: number): number | null {
  const n = fit.points.length;
  if (n < 3) return null;
  const meanX = mean(fit.points.map((point) => point.x));
  const sxx = sum(fit.points.map((point) => (point.x - meanX) ** 2));
  const residual = sum(fit.points.map((point) => (point.y - fit.intercept - fit.slope * point.x) ** 2));
  return studentT975(n - 2) * Math.sqrt((residual / (n - 2)) * (1 / n + (x - meanX) ** 2 / sxx));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
