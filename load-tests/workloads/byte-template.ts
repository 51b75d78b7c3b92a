/** A stretch of ASCII that is looked for at a place in a buffer, eight bytes at a time. */

/**
 * Reads a buffer eight bytes at a time. The view of the last buffer is kept: nearly all reads land in one
 * shared buffer.
 */
export class WordReader {
  #bytes: Uint8Array | null = null;
  #view: DataView = new DataView(new ArrayBuffer(0));

  /** The view of `bytes`. */
  of(bytes: Uint8Array): DataView {
    if (this.#bytes !== bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.#view;
  }
}

export class ByteTemplate {
  readonly length: number;
  /** As doubles: no eight bytes of ASCII are NaN or -0, so equal doubles are equal bytes. */
  readonly #words: Float64Array;
  readonly #tail: Uint8Array;

  /** @param text ASCII */
  constructor(text: string) {
    const bytes = Buffer.from(text, 'latin1');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.length = bytes.length;
    this.#words = Float64Array.from({ length: bytes.length >>> 3 }, (_, word) => view.getFloat64(word * 8));
    this.#tail = bytes.subarray(this.#words.length * 8);
  }

  /** Whether the template stands at `at`, wholly before `end`. */
  isAt(view: DataView, at: number, end: number): boolean {
    if (at + this.length > end) return false;
    const words = this.#words;
    for (let word = 0; word < words.length; word += 1) {
      if (view.getFloat64(at + word * 8) !== words[word]) return false;
    }
    const tailAt = at + words.length * 8;
    const tail = this.#tail;
    for (let index = 0; index < tail.length; index += 1) {
      if (view.getUint8(tailAt + index) !== tail[index]) return false;
    }
    return true;
  }
}
