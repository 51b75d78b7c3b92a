/** The feed's time: Unix time at the start, and from there on hrtime, so that it never steps. */

import type { Clock } from '../../hub/clock.ts';
import type { ServerClock } from '../../protocol/messages.ts';

export const NS_PER_SECOND = 1_000_000_000;
const NS_PER_SECOND_BIGINT = 1_000_000_000n;

export class TickClock {
  /** Unix time when the clock began: whole seconds, and the ns above them. */
  readonly startSecond: number;
  readonly startNsInSecond: number;
  readonly #clock: Clock;
  readonly #startHrtimeNs: bigint;
  readonly #startEpochNs: bigint;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startHrtimeNs = clock.hrtimeNs();
    this.#startEpochNs = BigInt(Math.round(clock.epochMs() * 1_000)) * 1_000n;
    this.startSecond = Number(this.#startEpochNs / NS_PER_SECOND_BIGINT);
    this.startNsInSecond = Number(this.#startEpochNs % NS_PER_SECOND_BIGINT);
  }

  /** Ns since the clock began; exact for 104 days, then to 2 ns. */
  nowNs(): number {
    return Number(this.#clock.hrtimeNs() - this.#startHrtimeNs);
  }

  /** The same moment on both clocks. */
  reading(): ServerClock {
    const hrtimeNs = this.#clock.hrtimeNs();
    const epochNs = this.#startEpochNs + hrtimeNs - this.#startHrtimeNs;
    return { hrtimeNs: String(hrtimeNs), epochNs: String(epochNs) };
  }
}
