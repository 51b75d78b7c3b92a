/** A histogram of plain integers for hot paths: no labels, no allocation per observation, copied at scrape. */

export class BucketHistogram {
  /** Upper bounds, ascending. */
  readonly bounds: readonly number[];
  /** Observations per bound (not cumulative); the last one counts what is above every bound. */
  readonly counts: Float64Array;
  sum = 0;
  count = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  /**
   * @param value in the unit of the bounds
   * @param times it was seen
   */
  observe(value: number, times = 1): void {
    const { bounds } = this;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] ?? 0)) index += 1;
    this.counts[index] = (this.counts[index] ?? 0) + times;
    this.sum += value * times;
    this.count += times;
  }
}
