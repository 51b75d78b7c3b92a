/** The profiler's own heap: whether the load side, too, gave back what it took. */

/** @returns bytes in use after a collection; null where Node runs without --expose-gc */
export function readOwnHeapBytes(): number | null {
  const { gc } = globalThis;
  if (gc === undefined) return null;
  gc();
  return process.memoryUsage().heapUsed;
}
