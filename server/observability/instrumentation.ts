/** What watches the server, as one: sampled, observed and timed together, or not at all. */

import { TouchlineError } from '../protocol/touchline-error.ts';

/** Something that runs while the instrumentation is on. */
export interface Instrument {
  start(): void;
  stop(): void;
}

/** Instruments, switched on and off together; what only asks whether to time something asks {@link isOn}. */
export class Instrumentation {
  readonly #instruments: readonly Instrument[];
  #isOn = false;

  /** Off at first. */
  constructor(instruments: readonly Instrument[]) {
    this.#instruments = instruments;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Does nothing where it is so already. Histograms keep what they have: what was not seen is a gap. */
  switchTo(on: boolean): void {
    if (on === this.#isOn) return;
    this.#isOn = on;
    for (const instrument of this.#instruments) {
      if (on) instrument.start();
      else instrument.stop();
    }
  }
}

/**
 * Reads `?on=`.
 *
 * @throws TouchlineError `TL_BODY_INVALID` when it is neither true nor false
 */
export function parseSwitch(text: string | null): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new TouchlineError('TL_BODY_INVALID', `expected on to be true or false; received "${text ?? ''}"`);
}
