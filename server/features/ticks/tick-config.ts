/** The feed's configuration: what can be set while it runs, in one table. */

import { Type } from 'typebox';
import { FAN_OUT_MODES, type FanOutMode } from '../../protocol/fan-out-modes.ts';
import { TICK_FORMATS, TICK_SOURCES, type TickConfigValues } from '../../protocol/tick-messages.ts';

const DEFAULT_RATE = 1_000;
const RAMP = { minPercent: 0.1, maxPercent: 1_000, minSeconds: 1, maxSeconds: 3_600 } as const;
const PER_CENT = 100;

const choice = <Choice extends string>(choices: readonly Choice[]) =>
  Type.Enum<Choice[]>([...choices], { description: `one of ${choices.join(', ')}` });
const number = (minimum: number, maximum: number) =>
  Type.Number({ minimum, maximum, description: `a number from ${minimum} to ${maximum}` });

/**
 * Every field with its range. A change may have any part of them.
 *
 * @param maxRate ticks a second
 */
export function tickConfigSchema(maxRate: number) {
  return Type.Object({
    rate: Type.Integer({ minimum: 1, maximum: maxRate, description: `an integer from 1 to ${maxRate}` }),
    rampEnabled: Type.Boolean({ description: 'true or false' }),
    rampPercent: number(RAMP.minPercent, RAMP.maxPercent),
    rampIntervalSec: number(RAMP.minSeconds, RAMP.maxSeconds),
    format: choice(TICK_FORMATS),
    source: choice(TICK_SOURCES),
    fanOut: choice(FAN_OUT_MODES),
  });
}

export interface TickConfigOptions {
  readonly maxRate: number;
  /** How the server writes when it starts. */
  readonly fanOut: FanOutMode;
  /** Told after each change. */
  readonly onChange: (values: TickConfigValues, before: TickConfigValues) => void;
}

export class TickConfig {
  readonly maxRate: number;
  readonly #onChange: TickConfigOptions['onChange'];
  #values: TickConfigValues;

  constructor({ maxRate, fanOut, onChange }: TickConfigOptions) {
    this.maxRate = maxRate;
    this.#onChange = onChange;
    this.#values = {
      rate: Math.min(DEFAULT_RATE, maxRate),
      rampEnabled: false,
      rampPercent: 10,
      rampIntervalSec: 5,
      format: 'json',
      source: 'unique',
      fanOut,
    };
  }

  get values(): TickConfigValues {
    return this.#values;
  }

  /** @param part checked against the schema already */
  change(part: Partial<TickConfigValues>): TickConfigValues {
    const before = this.#values;
    this.#values = { ...before, ...part };
    this.#onChange(this.#values, before);
    return this.#values;
  }

  /** One step of the ramp: at least one tick a second more, up to the highest rate. */
  ramp(): void {
    const { rate, rampPercent } = this.#values;
    // Not rate × (1 + percent ÷ 100): the double of 1.15 is less than that, and 100 would become 114.
    const raised = Math.floor(rate + (rate * rampPercent) / PER_CENT);
    this.change({ rate: Math.min(this.maxRate, Math.max(rate + 1, raised)) });
  }
}
