/** Takes turns for as long as it is told to, and lets I/O have its turn in between. Holds no timer while it is stopped. */

/** Timers of the process; injected, so that tests own them. */
export interface TurnTimers {
  /** @returns cancels it */
  after(ms: number, act: () => void): () => void;
  /** Once I/O had its turn. */
  soon(act: () => void): void;
}

export const PROCESS_TIMERS: TurnTimers = {
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  soon: (act) => void setImmediate(act),
};

export interface TurnLoopOptions {
  readonly timers: TurnTimers;
  /** @returns ms until the next turn, 0 for as soon as I/O had its turn */
  readonly turn: () => number;
  /** A turn that throws is a defect of ours. */
  readonly onDefect: (error: unknown) => void;
}

/** A defect must not fill the log. */
const PAUSE_AFTER_DEFECT_MS = 1_000;

export class TurnLoop {
  readonly #options: TurnLoopOptions;
  #isRunning = false;
  #isTurnNear = false;
  #cancel: (() => void) | null = null;

  constructor(options: TurnLoopOptions) {
    this.#options = options;
  }

  /** Timers it holds now. */
  get timers(): number {
    return this.#cancel === null ? 0 : 1;
  }

  start(): void {
    this.#isRunning = true;
    this.wake();
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancel?.();
    this.#cancel = null;
  }

  /** Has the next turn soon, whatever it waits for. */
  wake(): void {
    if (!this.#isRunning || this.#isTurnNear) return;
    this.#cancel?.();
    this.#cancel = null;
    this.#turnSoon();
  }

  #turnSoon(): void {
    this.#isTurnNear = true;
    this.#options.timers.soon(this.#turn);
  }

  readonly #turn = (): void => {
    this.#isTurnNear = false;
    this.#cancel = null;
    if (!this.#isRunning) return;
    const pauseMs = this.#takeTurn();
    if (!this.#isRunning || this.#isTurnNear) return;
    if (pauseMs === 0) this.#turnSoon();
    else this.#cancel = this.#options.timers.after(pauseMs, this.#turn);
  };

  #takeTurn(): number {
    try {
      return this.#options.turn();
    } catch (error) {
      this.#options.onDefect(error);
      return PAUSE_AFTER_DEFECT_MS;
    }
  }
}
