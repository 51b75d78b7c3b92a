/** `[1,2,3,…]`: rows of whole numbers, handed over row by row, so that the text never exists as a whole. */

import { BYTE, isSpace, type Section } from './section.ts';
import { invalidSnapshot, nameByte } from './snapshot-error.ts';

/** Takes one row of numbers; the array is used again for the next. */
export type TakeRow = (row: readonly number[]) => void;

/** Where the reader stands between two bytes. */
type Place = 'before' | 'first' | 'number' | 'digits' | 'after' | 'done';

/** Reads one array of numbers. */
export class IntegerSection implements Section {
  readonly #name: string;
  readonly #row: number[];
  readonly #take: TakeRow;
  #place: Place = 'before';
  #filled = 0;
  #value = 0;

  /**
   * @param name of the array, for messages
   * @param width numbers in a row
   */
  constructor(name: string, width: number, take: TakeRow) {
    this.#name = name;
    this.#row = new Array<number>(width).fill(0);
    this.#take = take;
  }

  get isDone(): boolean {
    return this.#place === 'done';
  }

  read(chunk: Uint8Array, at: number): number {
    let next = at;
    while (next < chunk.length && this.#place !== 'done') {
      const byte = chunk[next] ?? 0;
      if (byte >= BYTE.zero && byte <= BYTE.nine) next = this.#readDigits(chunk, next);
      else {
        this.#readMark(byte);
        next += 1;
      }
    }
    return next;
  }

  #readDigits(chunk: Uint8Array, at: number): number {
    if (this.#place === 'before' || this.#place === 'after') throw this.#wrong(nameByte(chunk[at] ?? 0));
    let value = this.#place === 'digits' ? this.#value : 0;
    let next = at;
    for (; next < chunk.length; next += 1) {
      const digit = (chunk[next] ?? 0) - BYTE.zero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.#value = value;
    this.#place = 'digits';
    return next;
  }

  #readMark(byte: number): void {
    if (isSpace(byte)) {
      if (this.#place === 'digits') this.#endNumber('after');
      return;
    }
    if (this.#place === 'before' && byte === BYTE.bracketOpen) this.#place = 'first';
    else if (byte === BYTE.comma && this.#place === 'digits') this.#endNumber('number');
    else if (byte === BYTE.comma && this.#place === 'after') this.#place = 'number';
    else if (byte === BYTE.bracketClose && this.#place !== 'number' && this.#place !== 'before') this.#end();
    else throw this.#wrong(nameByte(byte));
  }

  #endNumber(place: Place): void {
    if (this.#value > Number.MAX_SAFE_INTEGER) throw this.#wrong(`${this.#value}`);
    this.#row[this.#filled] = this.#value;
    this.#filled += 1;
    this.#place = place;
    if (this.#filled < this.#row.length) return;
    this.#filled = 0;
    this.#take(this.#row);
  }

  #end(): void {
    if (this.#place === 'digits') this.#endNumber('after');
    if (this.#filled > 0) {
      throw this.#wrong(`a last row of ${this.#filled} in place of ${this.#row.length}`);
    }
    this.#place = 'done';
  }

  #wrong(received: string): Error {
    return invalidSnapshot(`"${this.#name}" to be an array of whole numbers`, received);
  }
}
