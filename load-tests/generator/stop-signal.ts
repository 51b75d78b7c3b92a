/** Why a tier ends before its time, and a way to wait for that beside something else. */

export type StopReason = 'interrupted' | 'lost-target';

export class StopSignal {
  #reason: StopReason | null = null;
  #stop: () => void = () => undefined;
  readonly stopped: Promise<void>;

  constructor() {
    this.stopped = new Promise((resolve) => {
      this.#stop = resolve;
    });
  }

  /** Null while the tier goes on. */
  get reason(): StopReason | null {
    return this.#reason;
  }

  /** The first reason stays; false when there was one already. */
  stop(reason: StopReason): boolean {
    if (this.#reason !== null) return false;
    this.#reason = reason;
    this.#stop();
    return true;
  }

  /** Waits for `work`, or for the stop; the work itself goes on. */
  async orStopped(work: Promise<unknown>): Promise<void> {
    await Promise.race([work, this.stopped]);
  }

  /** Waits until the time is over, or the stop. */
  async pause(ms: number): Promise<void> {
    if (ms <= 0 || this.#reason !== null) return;
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await this.orStopped(over);
    clearTimeout(timer);
  }
}
