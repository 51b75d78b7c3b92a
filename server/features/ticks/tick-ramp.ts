/** Raises the rate every `rampIntervalSec`, for as long as somebody reads. */

import type { TickConfig } from './tick-config.ts';
import type { TurnTimers } from './turn-loop.ts';

const MS_PER_SECOND = 1_000;

export class TickRamp {
  readonly #config: TickConfig;
  readonly #timers: Pick<TurnTimers, 'after'>;
  #isStreaming = false;
  #cancel: (() => void) | null = null;

  constructor(config: TickConfig, timers: Pick<TurnTimers, 'after'>) {
    this.#config = config;
    this.#timers = timers;
  }

  /** Timers it holds now. */
  get timers(): number {
    return this.#cancel === null ? 0 : 1;
  }

  start(): void {
    this.#isStreaming = true;
    this.#arm();
  }

  stop(): void {
    this.#isStreaming = false;
    this.#disarm();
  }

  /** The ramp's own settings changed: its interval begins anew. */
  settingsChanged(): void {
    this.#disarm();
    this.#arm();
  }

  #arm(): void {
    const { rampEnabled, rampIntervalSec } = this.#config.values;
    if (!this.#isStreaming || !rampEnabled || this.#cancel !== null) return;
    this.#cancel = this.#timers.after(rampIntervalSec * MS_PER_SECOND, () => {
      this.#cancel = null;
      this.#config.ramp();
      this.#arm();
    });
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
