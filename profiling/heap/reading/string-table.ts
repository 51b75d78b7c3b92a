/** Strings by number, as the bytes of their JSON. Those that nobody asks for take no room. */

import { invalidSnapshot } from './snapshot-error.ts';

const FIRST_BYTES = 1 << 16;
const FIRST_STRINGS = 1 << 12;

/** Grows by appending; a string is decoded when it is asked for. */
export class StringTable {
  readonly #isWanted: ((index: number) => boolean) | null;
  #bytes = Buffer.alloc(FIRST_BYTES);
  #ends = new Uint32Array(FIRST_STRINGS);
  #used = 0;
  #count = 0;

  /** @param isWanted which are kept, by their number; null keeps all */
  constructor(isWanted: ((index: number) => boolean) | null) {
    this.#isWanted = isWanted;
  }

  /** Strings seen, kept or not. */
  get count(): number {
    return this.#count;
  }

  /** Bytes kept. */
  get byteLength(): number {
    return this.#used;
  }

  /** Adds to the string that is being read. */
  append(chunk: Uint8Array, start: number, end: number): void {
    if (end <= start || this.#isWanted?.(this.#count) === false) return;
    const least = this.#used + end - start;
    if (least > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(least, Math.ceil(this.#bytes.length * 1.5)));
      larger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk.subarray(start, end), this.#used);
    this.#used = least;
  }

  /** The string that is being read has ended. */
  end(): void {
    if (this.#count === this.#ends.length) {
      const larger = new Uint32Array(this.#ends.length * 2);
      larger.set(this.#ends);
      this.#ends = larger;
    }
    this.#ends[this.#count] = this.#used;
    this.#count += 1;
  }

  /**
   * @returns the string of this number; empty where it was not kept
   * @throws TouchlineError `TL_SNAPSHOT_INVALID` for a number that no string has, or an escape that is none
   */
  text(index: number): string {
    const [start, end] = this.#range(index);
    const raw = this.#bytes.toString('utf8', start, end);
    if (!raw.includes('\\')) return raw;
    try {
      return JSON.parse(`"${raw}"`);
    } catch (cause) {
      throw invalidSnapshot(`string ${index} to be JSON`, raw.slice(0, 60), cause);
    }
  }

  /** Numbers of the strings that have this text in them, rising. @param text without what JSON escapes */
  *having(text: string): Generator<number> {
    const kept = this.#bytes.subarray(0, this.#used);
    let index = 0;
    for (let at = kept.indexOf(text); at >= 0; at = kept.indexOf(text, this.#ends[index])) {
      index = this.#holding(at, index);
      if (at + text.length <= (this.#ends[index] ?? 0)) yield index;
    }
  }

  #range(index: number): readonly [start: number, end: number] {
    const end = index < this.#count ? this.#ends[index] : undefined;
    if (end === undefined) {
      throw invalidSnapshot(`strings up to number ${index}`, `${this.#count} strings`);
    }
    return [index === 0 ? 0 : (this.#ends[index - 1] ?? 0), end];
  }

  /** Number of the string that this byte belongs to. */
  #holding(byte: number, from: number): number {
    let low = from;
    let high = this.#count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] ?? 0) > byte) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
