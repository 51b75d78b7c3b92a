/** What the readers of both formats have in common. */

/** Takes what is timed: every so many-th tick of a reader. */
export interface TickTimer {
  /** µs of the monotonic clock: the receipt of everything that is read now. */
  readonly receivedUs: number;
  /**
   * A tick was timed.
   *
   * @param latencyUs from its own time to the receipt: a whole number, which is passed on without an allocation
   */
  time(latencyUs: number): void;
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

/** Times a tick of this time, µs of the monotonic clock. Half a µs absorbs the rounding of the clocks. */
export function timeTick(timer: TickTimer, intendedUs: number): void {
  timer.time(Math.floor(timer.receivedUs - intendedUs + 0.5));
}
