/** How often the event loop is sampled: densely while it works, seldom while it idles. */

/** Often enough to see 10 ms stalls, and the time that one recorded delay stands for. */
export const BUSY_PERIOD_MS = 10;
/** Measured on an idle process: 100 wake-ups a second cost 0.7 % of a core, nearly all of it Node's; 25 cost 0.25 %. */
const IDLE_PERIOD_MS = 40;
/** So little work cannot lift the 99th percentile by much, however it falls between two samples. */
const IDLE_BELOW_RATIO = 0.03;
/** A second averages over several broadcasts, so that sampling does not fall into step with them. */
const DECIDE_EVERY_MS = 1_000;

export class SamplingPace {
  readonly #readActiveMs: () => number;
  #periodMs = BUSY_PERIOD_MS;
  #markedAtMs: number;
  #activeMsAtMark: number;

  /**
   * @param nowMs monotonic ms
   * @param readActiveMs how long the loop has been busy so far
   */
  constructor(nowMs: number, readActiveMs: () => number) {
    this.#readActiveMs = readActiveMs;
    this.#markedAtMs = nowMs;
    this.#activeMsAtMark = readActiveMs();
  }

  /** The period in force. */
  get periodMs(): number {
    return this.#periodMs;
  }

  /** Decides on the next period: once a second by utilisation, at once when a sample was late. */
  sampled(nowMs: number, lateMs: number): void {
    const stalled = lateMs > BUSY_PERIOD_MS;
    const elapsedMs = nowMs - this.#markedAtMs;
    if (!stalled && elapsedMs < DECIDE_EVERY_MS) return;
    const activeMs = this.#readActiveMs();
    const idle = (activeMs - this.#activeMsAtMark) / elapsedMs < IDLE_BELOW_RATIO;
    this.#periodMs = idle && !stalled ? IDLE_PERIOD_MS : BUSY_PERIOD_MS;
    this.#markedAtMs = nowMs;
    this.#activeMsAtMark = activeMs;
  }
}
