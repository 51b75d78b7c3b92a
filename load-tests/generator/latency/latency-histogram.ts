/** Latency as an HDR histogram of microseconds: recorded in the workers, merged in the parent, never averaged. */

import * as hdr from 'hdr-histogram-js';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';

/** The largest value that is told apart: two minutes. Longer ones are recorded as this. */
const HIGHEST_US = 120_000_000;

/**
 * The counts of a histogram that are not 0, for another process of this run: index and count in turn. Encoding takes milliseconds
 * and is for records; this takes microseconds, and is done twice a second while the load runs.
 */
export type PackedCounts = Uint32Array;

/** Significant digits of a value: 3 is an error of 0.1 %, 2 is 1 % in a seventh of the memory. */
export type HistogramDigits = 2 | 3;

/**
 * Counts of latencies from 1 µs to 120 s. What is longer counts as 120 s (see {@link clampedCount}), what is
 * shorter than 1 µs as 0; nothing is left out.
 *
 * Recording uses HDR's bucket layout with integer arithmetic, since it runs several times a delivery (about
 * 15 ns; the library's own recording takes 120); reading and encoding are the library's.
 *
 * @see http://hdrhistogram.org/
 */
export class LatencyHistogram {
  readonly digits: HistogramDigits;
  readonly #counts: Uint32Array;
  /** log2 of half the sub-buckets: the bits of a value that are kept, less one. */
  readonly #halfMagnitude: number;
  #count = 0;
  #reader: hdr.Int32Histogram | undefined;
  /** The count when the reader was built; it holds as long as nothing is added. */
  #readerCount = -1;

  constructor(digits: HistogramDigits = 3) {
    this.digits = digits;
    this.#halfMagnitude = Math.ceil(Math.log2(2 * 10 ** digits)) - 1;
    this.#counts = new Uint32Array(this.#indexOf(HIGHEST_US) + 1);
  }

  /**
   * @param us microseconds, not negative (a negative latency is a broken clock: its recorder counts it apart)
   * @throws RangeError for a negative value or NaN
   */
  record(us: number): void {
    if (!(us >= 0)) throw new RangeError(`expected microseconds, at least 0; received ${us}`);
    const whole = us < HIGHEST_US ? us | 0 : HIGHEST_US;
    const index = this.#indexOf(whole);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#count += 1;
  }

  /**
   * {@link record} for `count` values at once.
   *
   * @throws RangeError for a negative value or NaN
   */
  recordMany(us: number, count: number): void {
    if (!(us >= 0)) throw new RangeError(`expected microseconds, at least 0; received ${us}`);
    this.#add(this.#indexOf(Math.min(us, HIGHEST_US)), count);
  }

  /**
   * Adds all that `other` recorded.
   *
   * @throws RangeError when the other one has more or fewer digits
   */
  merge(other: LatencyHistogram): void {
    if (other.digits !== this.digits) {
      throw new RangeError(`expected a histogram of ${this.digits} digits; received one of ${other.digits}`);
    }
    if (other.#count === 0) return;
    for (let index = 0; index < this.#counts.length; index += 1) {
      this.#counts[index] = (this.#counts[index] ?? 0) + (other.#counts[index] ?? 0);
    }
    this.#count += other.#count;
  }

  /** All that was recorded so far. */
  pack(): PackedCounts {
    const packed = new Uint32Array(
      2 * this.#counts.reduce((filled, count) => filled + (count > 0 ? 1 : 0), 0),
    );
    let at = 0;
    for (let index = 0; index < this.#counts.length; index += 1) {
      const count = this.#counts[index] ?? 0;
      if (count === 0) continue;
      packed[at] = index;
      packed[at + 1] = count;
      at += 2;
    }
    return packed;
  }

  /** Reads what a histogram of as many digits {@link pack}ed. */
  static unpack(packed: PackedCounts, digits: HistogramDigits): LatencyHistogram {
    const histogram = new LatencyHistogram(digits);
    histogram.mergePacked(packed);
    return histogram;
  }

  /** Adds what a histogram of as many digits {@link pack}ed. */
  mergePacked(packed: PackedCounts): void {
    for (let at = 0; at < packed.length; at += 2) this.#add(packed[at] ?? 0, packed[at + 1] ?? 0);
  }

  /**
   * @param q 0–1
   * @returns milliseconds, at most one part in 10^digits above the true value; null when nothing was recorded
   */
  quantileMs(q: number): number | null {
    if (this.#count === 0) return null;
    return Math.min(this.#upToDateReader().getValueAtPercentile(q * 100), HIGHEST_US) / 1_000;
  }

  /**
   * How many values are at most `ms`, to the width of a bucket.
   *
   * @param ms milliseconds, not negative
   */
  countUpToMs(ms: number): number {
    const last = this.#indexOf(Math.min(ms * 1_000, HIGHEST_US));
    return this.#counts.subarray(0, last + 1).reduce((sum, count) => sum + count, 0);
  }

  /**
   * How many values are at most each bound, to the width of a bucket of two digits, whatever digits this one has: so
   * one of three digits says what one of two said that was shown while it grew.
   *
   * @param boundsUs microseconds, ascending
   */
  countsUpToUs(boundsUs: readonly number[]): readonly number[] {
    let index = 0;
    let counted = 0;
    return boundsUs.map((boundUs) => {
      const last = Math.min(this.#indexOf(lastAlikeUs(boundUs)), this.#counts.length - 1);
      for (; index <= last; index += 1) counted += this.#counts[index] ?? 0;
      return counted;
    });
  }

  /** How many values were recorded. */
  get count(): number {
    return this.#count;
  }

  /** The longest, in ms; null when nothing was recorded. */
  get maxMs(): number | null {
    return this.quantileMs(1);
  }

  /** The mean, in ms; null when nothing was recorded. */
  get meanMs(): number | null {
    return this.#count === 0 ? null : this.#upToDateReader().mean / 1_000;
  }

  /** How many values were recorded as the longest that is told apart: at 120 s or beyond it. */
  get clampedCount(): number {
    return this.#counts[this.#counts.length - 1] ?? 0;
  }

  /** HDR V2, compressed, base64: what every HdrHistogram tool reads. */
  encode(): string {
    return hdr.encodeIntoCompressedBase64(this.#upToDateReader());
  }

  /** Reads what {@link LatencyHistogram.encode} wrote; see {@link decodeHistogram}. */
  static decode(text: string): LatencyHistogram {
    const decoded = decodeHdr(text);
    const histogram = new LatencyHistogram(decoded.numberOfSignificantValueDigits === 2 ? 2 : 3);
    for (let index = 0; index < decoded.countsArrayLength; index += 1) {
      const count = decoded.getCountAtIndex(index);
      if (count > 0) {
        histogram.#add(histogram.#indexOf(Math.min(decoded.valueFromIndex(index), HIGHEST_US)), count);
      }
    }
    return histogram;
  }

  #add(index: number, count: number): void {
    this.#counts[index] = (this.#counts[index] ?? 0) + count;
    this.#count += count;
  }

  /** HDR's index: the first bucket counts in steps of 1, each later one, twice as wide, in steps twice as large. */
  #indexOf(us: number): number {
    const shift = Math.max(31 - Math.clz32(us) - this.#halfMagnitude, 0);
    return (shift << this.#halfMagnitude) + (us >>> shift);
  }

  #upToDateReader(): hdr.Int32Histogram {
    if (this.#reader === undefined || this.#readerCount !== this.#count) {
      this.#reader = this.#buildReader();
      this.#readerCount = this.#count;
    }
    return this.#reader;
  }

  #buildReader(): hdr.Int32Histogram {
    const reader = new hdr.Int32Histogram(1, HIGHEST_US, this.digits);
    for (let index = 0; index < this.#counts.length; index += 1) {
      const count = this.#counts[index] ?? 0;
      if (count > 0) reader.recordValueWithCount(reader.valueFromIndex(index), count);
    }
    return reader;
  }
}

/** Two digits are 128 steps from one power of two to the next. */
const COARSE_HALF_MAGNITUDE = 7;

/** The largest value that a histogram of two digits does not tell from this one. */
function lastAlikeUs(us: number): number {
  const whole = Math.floor(Math.min(Math.max(us, 0), HIGHEST_US));
  const shift = Math.max(31 - Math.clz32(whole) - COARSE_HALF_MAGNITUDE, 0);
  return (((whole >>> shift) + 1) << shift) - 1;
}

/**
 * Reads an encoded histogram (run.json keeps them so).
 *
 * @throws TouchlineError `TL_RECORD_INVALID` when the text is no HDR histogram
 */
export function decodeHistogram(text: string): LatencyHistogram {
  return LatencyHistogram.decode(text);
}

function decodeHdr(text: string): hdr.Int32Histogram {
  let decoded: unknown;
  try {
    decoded = hdr.decodeFromCompressedBase64(text, 32, false);
  } catch (cause) {
    throw new TouchlineError('TL_RECORD_INVALID', `expected an HDR histogram; received ${String(cause)}`, {
      cause,
    });
  }
  if (decoded instanceof hdr.Int32Histogram) return decoded;
  throw new TouchlineError('TL_RECORD_INVALID', 'expected an HDR histogram of plain counts');
}
