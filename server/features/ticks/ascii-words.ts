/** Digits as they lie in memory, four characters to a little-endian word: one store where there would be four. */

const BITS = 8;
const ZERO = '0'.charCodeAt(0);

/** The word of four ASCII characters. */
export function wordOf(text: string): number {
  let word = 0;
  for (let at = 3; at >= 0; at -= 1) word = ((word << BITS) | text.charCodeAt(at)) >>> 0;
  return word;
}

/** For each number from 0 to 999 its three digits, and the character behind them. */
export function threeDigitsBefore(follower: string): Uint32Array {
  return Uint32Array.from({ length: 1_000 }, (_, value) => wordOf(String(value).padStart(3, '0') + follower));
}

/** For each number from 0 to 99 its two digits, and the two characters behind them. */
export function twoDigitsBefore(followers: string): Uint32Array {
  return Uint32Array.from({ length: 100 }, (_, value) => wordOf(String(value).padStart(2, '0') + followers));
}

/** What a word of {@link threeDigitsBefore} a zero byte becomes with this digit as its last character. */
export function lastDigit(digit: number): number {
  return (ZERO + digit) << (3 * BITS);
}

/**
 * A number that counts up by one, as text that ends in a fixed character. Its last three digits come from a table; the
 * words before them change once in a thousand times, and reach into the constant text before the number.
 */
export class CountingText {
  /** The last three digits as a number. */
  low = 0;
  /** The words before the last one, from right to left. */
  readonly words = new Uint32Array(4);
  wordCount = 0;
  readonly #before: string;
  #high = 0;

  /** @param before at least three constant characters */
  constructor(before: string) {
    this.#before = before;
  }

  /** @param value at least 1,000 */
  set(value: number): void {
    this.low = value % 1_000;
    this.#setHigh(Math.floor(value / 1_000));
  }

  countUp(): void {
    this.low += 1;
    if (this.low < 1_000) return;
    this.low = 0;
    this.#setHigh(this.#high + 1);
  }

  #setHigh(high: number): void {
    this.#high = high;
    const digits = String(high);
    const text = this.#before + digits;
    this.wordCount = Math.ceil(digits.length / 4);
    for (let word = 0; word < this.wordCount; word += 1) {
      const end = text.length - 4 * word;
      this.words[word] = wordOf(text.slice(end - 4, end));
    }
  }
}
