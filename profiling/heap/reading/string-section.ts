/** `["a","b",…]`: strings, kept as the bytes that stand in the file. */

import { BYTE, isSpace, type Section } from './section.ts';
import { invalidSnapshot, nameByte } from './snapshot-error.ts';
import type { StringTable } from './string-table.ts';

type Place = 'before' | 'first' | 'next' | 'inside' | 'escaped' | 'after' | 'done';

/** Reads the array of strings into a table. */
export class StringSection implements Section {
  readonly #table: StringTable;
  #place: Place = 'before';

  constructor(table: StringTable) {
    this.#table = table;
  }

  get isDone(): boolean {
    return this.#place === 'done';
  }

  read(chunk: Uint8Array, at: number): number {
    let next = at;
    while (next < chunk.length && this.#place !== 'done') {
      if (this.#place === 'inside' || this.#place === 'escaped') next = this.#readInside(chunk, next);
      else {
        this.#readMark(chunk[next] ?? 0);
        next += 1;
      }
    }
    return next;
  }

  #readInside(chunk: Uint8Array, at: number): number {
    let next = at;
    if (this.#place === 'escaped') {
      next += 1;
      this.#place = 'inside';
    }
    for (; next < chunk.length; next += 1) {
      const byte = chunk[next];
      if (byte === BYTE.quote) {
        this.#table.append(chunk, at, next);
        this.#table.end();
        this.#place = 'after';
        return next + 1;
      }
      if (byte !== BYTE.backslash) continue;
      next += 1;
      if (next === chunk.length) this.#place = 'escaped';
    }
    this.#table.append(chunk, at, chunk.length);
    return chunk.length;
  }

  #readMark(byte: number): void {
    if (isSpace(byte)) return;
    const place = this.#place;
    if (place === 'before' && byte === BYTE.bracketOpen) this.#place = 'first';
    else if ((place === 'first' || place === 'next') && byte === BYTE.quote) this.#place = 'inside';
    else if (place === 'after' && byte === BYTE.comma) this.#place = 'next';
    else if ((place === 'first' || place === 'after') && byte === BYTE.bracketClose) this.#place = 'done';
    else throw invalidSnapshot('"strings" to be an array of strings', nameByte(byte));
  }
}
