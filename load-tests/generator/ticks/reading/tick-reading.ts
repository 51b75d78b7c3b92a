/** What the readers of both formats have in common. */

/** Takes what is timed: every so many-th tick of a reader. */
export interface TickTimer {
  /** µs of the monotonic clock: the receipt of everything that is read now. */
  readonly receivedUs: number;
  /** Where the measured window begins, by the same clock. */
  readonly startUs: number;
  /**
   * A tick was timed. Whole numbers, which are passed on without an allocation.
   *
   * @param sinceStartMs its own time, from the window's start on, rounded down
   * @param latencyUs from its own time to the receipt
   */
  time(sinceStartMs: number, latencyUs: number): void;
}

/** The ticks of one connection in one format. */
export interface TickReading {
  /**
   * Takes whole frames from `start` on, as long as each is exactly what is due next: the quick way for nearly all.
   *
   * @returns where the first frame begins that it leaves to {@link take}, or that is not whole
   */
  scan(view: DataView, start: number, end: number): number;
  /**
   * Takes one message with care, whatever it is.
   *
   * @returns false when it is no tick
   */
  take(view: DataView, bytes: Buffer, start: number, end: number): boolean;
}

/** The two roundings of {@link TickTimer.time}. Half a µs absorbs that of the clocks. */
export function timeTick(timer: TickTimer, intendedUs: number): void {
  const { receivedUs, startUs } = timer;
  timer.time(Math.floor((intendedUs - startUs) / 1_000), Math.floor(receivedUs - intendedUs + 0.5));
}
