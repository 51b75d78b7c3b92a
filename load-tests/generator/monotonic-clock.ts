/**
 * The one clock of a run. `process.hrtime` reads CLOCK_MONOTONIC, which all processes of a machine share
 * (`performance.now()` starts with each process).
 */

/** Microseconds of the monotonic clock; the fraction keeps nanoseconds for uptimes of years. */
export function monotonicUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}
