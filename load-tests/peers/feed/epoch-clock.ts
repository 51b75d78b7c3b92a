/** Epoch time to the microsecond: what peers stamp and the reader compares with. */

/** Epoch ms with a fraction. It is the clock that every process of the machine reads, to a few microseconds. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
