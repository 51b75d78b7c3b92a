/** A straight line through measured points, with its two-sided 95 % confidence interval. */
export interface LineFit {
  readonly slope: number;
  readonly intercept: number;
  /** Null with fewer than three points: two points always lie on a line. */
  readonly slopeLow: number | null;
  readonly slopeHigh: number | null;
  /** Share of the variance that the line explains, 0–1; null where the points do not vary. */
  readonly r2: number | null;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}
