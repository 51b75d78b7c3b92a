/** Latency as an HDR histogram of microseconds: recorded in the workers, merged in the parent, never averaged. */

import * as hdr from 'hdr-histogram-js';

/** The largest value that is told apart: two minutes. Longer ones are recorded as this. */
const HIGHEST_US = 120_000_000;

/** Significant digits of a value: 3 is an error of 0.1 %, 2 is 1 % in a fourteenth of the memory. */
export type HistogramDigits = 2 | 3;

/**
 * Counts of latencies from 1 µs to 120 s. What is longer counts as 120 s (see {@link clampedCount}), what is
 * shorter than 1 µs as 0; nothing is left out.
 *
 * @see http://hdrhistogram.org/
 */
export class LatencyHistogram {
  readonly #counts: hdr.Histogram;

  constructor(digits: HistogramDigits = 3) {
    this.#counts = hdr.build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: HIGHEST_US,
      numberOfSignificantValueDigits: digits,
      bitBucketSize: 32,
      useWebAssembly: false,
    });
  }

  /**
   * @param us microseconds, not negative (a negative latency is a broken clock: its recorder counts it apart)
   * @throws RangeError for a negative or non-finite value
   */
  record(us: number): void {
    if (!(us >= 0)) throw new RangeError(`expected microseconds, at least 0; received ${us}`);
    this.#counts.recordValue(us < HIGHEST_US ? Math.floor(us) : HIGHEST_US);
  }

  /** Adds all that `other` recorded. */
  merge(other: LatencyHistogram): void {
    if (other.count > 0) this.#counts.add(other.#counts);
  }

  /**
   * @param q 0–1
   * @returns milliseconds, at most one part in a thousand above the true value; null when nothing was recorded
   */
  quantileMs(q: number): number | null {
    return this.count === 0 ? null : Math.min(this.#counts.getValueAtPercentile(q * 100), HIGHEST_US) / 1_000;
  }

  get count(): number {
    return this.#counts.totalCount;
  }

  get maxMs(): number | null {
    return this.quantileMs(1);
  }

  get meanMs(): number | null {
    return this.count === 0 ? null : this.#counts.mean / 1_000;
  }

  /** Values recorded as the longest that is told apart: at 120 s or beyond it. */
  get clampedCount(): number {
    return this.#counts.getCountAtIndex(this.#counts.countsArrayIndex(HIGHEST_US));
  }

  /** HDR V2, compressed, base64: what every HdrHistogram tool reads. */
  encode(): string {
    return hdr.encodeIntoCompressedBase64(this.#counts);
  }

  /** Reads what {@link LatencyHistogram.encode} wrote. */
  static decode(text: string): LatencyHistogram {
    const histogram = new LatencyHistogram();
    const decoded = hdr.decodeFromCompressedBase64(text, 32, false);
    if (decoded.totalCount > 0) histogram.#counts.add(decoded);
    return histogram;
  }
}

/**
 * Reads an encoded histogram (run.json keeps them so).
 *
 * @throws Error when the text is no HDR histogram
 */
export function decodeHistogram(text: string): LatencyHistogram {
  return LatencyHistogram.decode(text);
}
