/** Which faults are on, with which value, and how often each did its harm. */

import type { Fault, FaultName } from './fault-catalogue.ts';

/** Something that does harm and counts it. */
export interface Harmful {
  readonly injections: number;
}

export class FaultBoard {
  /** Setting of each active fault (percent or ms). */
  readonly active: Readonly<Record<string, number>>;
  readonly #counts = new Map<FaultName, () => number>();

  constructor(faults: readonly Fault[]) {
    this.active = Object.fromEntries(faults.map(({ name, value }) => [name, value]));
  }

  /** Makes the part of a fault that is on, and counts what it does; undefined when the fault is off. */
  when<Part extends Harmful>(name: FaultName, make: (value: number) => Part): Part | undefined {
    const value = this.active[name];
    if (value === undefined) return undefined;
    const part = make(value);
    this.#counts.set(name, () => part.injections);
    return part;
  }

  injections(): Readonly<Record<string, number>> {
    return Object.fromEntries(Array.from(this.#counts, ([name, count]) => [name, count()]));
  }
}
