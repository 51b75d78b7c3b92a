/** Reads single fields of a tick out of the read buffer. */

import { readBuffer, readView } from './read-buffer.ts';

const LABEL = Buffer.from('"ts":');
const ZERO = 48;
const POINT = 46;
/** No tick is longer. */
const LONGEST = 200;

/**
 * @param start where the tick's `{` stands in the read buffer
 * @returns epoch ms; NaN where there is no `"ts":`
 */
export function readTickTime(start: number): number {
  let at = start;
  const last = start + LONGEST;
  while (!isLabel(at)) {
    at += 1;
    if (at > last) return Number.NaN;
  }
  at += LABEL.length;
  let value = 0;
  let scale = 0;
  for (; ; at += 1) {
    const byte = readBuffer[at] ?? 0;
    if (byte === POINT) {
      scale = 1;
      continue;
    }
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9) return value;
    if (scale === 0) {
      value = value * 10 + digit;
    } else {
      scale /= 10;
      value += digit * scale;
    }
  }
}

function isLabel(at: number): boolean {
  for (let index = 0; index < LABEL.length; index += 1) {
    if (readBuffer[at + index] !== LABEL[index]) return false;
  }
  return true;
}

/** i64 epoch nanoseconds as ms. */
export function readBinaryTime(at: number): number {
  return (readView.getInt32(at + 4, true) * 2 ** 32 + readView.getUint32(at, true)) / 1e6;
}

/** The whole number whose last digit stands at `lastAt`. */
export function readNumberBefore(lastAt: number): number {
  let value = 0;
  let scale = 1;
  for (let at = lastAt; ; at -= 1) {
    const digit = (readBuffer[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return value;
    value += digit * scale;
    scale *= 10;
  }
}
