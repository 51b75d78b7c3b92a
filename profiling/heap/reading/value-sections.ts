/** Values of a snapshot that are no large array: skipped, or kept as text while they are short. */

import { BYTE, type Section } from './section.ts';
import { invalidSnapshot } from './snapshot-error.ts';

/** The facts about a snapshot take about 1.5 KB. */
const MOST_KEPT_BYTES = 1 << 20;

/** Any JSON value, passed over. What stands in it is not checked. */
export class SkippedSection implements Section {
  readonly #keep: ((chunk: Uint8Array) => void) | null;
  #depth = 0;
  #inString = false;
  #escaped = false;
  isDone = false;

  /** @param keep takes the bytes of the value as they pass */
  constructor(keep: ((chunk: Uint8Array) => void) | null = null) {
    this.#keep = keep;
  }

  read(chunk: Uint8Array, at: number): number {
    let next = at;
    while (next < chunk.length && !this.isDone) next = this.#step(chunk, next);
    if (next > at) this.#keep?.(chunk.subarray(at, next));
    return next;
  }

  /** A bare word or number ends before the mark that follows it, which is not its own. */
  #step(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    if (this.#inString) {
      this.#readInString(byte);
      return at + 1;
    }
    switch (byte) {
      case BYTE.quote:
        this.#inString = true;
        return at + 1;
      case BYTE.bracketOpen:
      case BYTE.braceOpen:
        this.#depth += 1;
        return at + 1;
      case BYTE.bracketClose:
      case BYTE.braceClose:
        if (this.#depth === 0) return this.#endBefore(at);
        this.#depth -= 1;
        this.isDone = this.#depth === 0;
        return at + 1;
      case BYTE.comma:
        return this.#depth === 0 ? this.#endBefore(at) : at + 1;
      default:
        return at + 1;
    }
  }

  #readInString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BYTE.backslash) this.#escaped = true;
    else if (byte === BYTE.quote) {
      this.#inString = false;
      this.isDone = this.#depth === 0;
    }
  }

  #endBefore(at: number): number {
    this.isDone = true;
    return at;
  }
}

/** One short JSON value, handed over as what it says. */
export class ValueSection implements Section {
  readonly #name: string;
  readonly #take: (value: unknown) => void;
  readonly #pieces: Uint8Array[] = [];
  readonly #skipped = new SkippedSection((piece) => this.#pieces.push(piece.slice()));
  #bytes = 0;

  /** @param name of the value, for messages */
  constructor(name: string, take: (value: unknown) => void) {
    this.#name = name;
    this.#take = take;
  }

  get isDone(): boolean {
    return this.#skipped.isDone;
  }

  read(chunk: Uint8Array, at: number): number {
    const next = this.#skipped.read(chunk, at);
    this.#bytes += next - at;
    if (this.#bytes > MOST_KEPT_BYTES) {
      throw invalidSnapshot(`"${this.#name}" of at most ${MOST_KEPT_BYTES} bytes`, 'more');
    }
    if (this.isDone) this.#take(this.#parsed());
    return next;
  }

  #parsed(): unknown {
    const text = Buffer.concat(this.#pieces).toString('utf8');
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw invalidSnapshot(`"${this.#name}" to be JSON`, text.slice(0, 60), cause);
    }
  }
}
