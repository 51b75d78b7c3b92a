/**
 * When each tick is due. Tick n of a rate is due n ÷ rate seconds after the anchor; the anchor moves on by whole seconds,
 * so that no error adds up. Reads no clock: every moment is told, in ns.
 */

import { NS_PER_SECOND } from './tick-clock.ts';

export class TickSchedule {
  /** Ticks that were due and given up. */
  shortfall = 0;
  #rate: number;
  #spacingNs: number;
  #anchorNs = 0;
  /** Ticks after the anchor that are made or given up. */
  #index = 0;
  /** A change of rate that waits until what was due before it is made. */
  #next: { rate: number; readonly fromNs: number } | null = null;

  /** @param rate ticks a second, a whole number */
  constructor(rate: number) {
    this.#rate = rate;
    this.#spacingNs = NS_PER_SECOND / rate;
  }

  /** The rate of the ticks that are made next. */
  get rate(): number {
    return this.#rate;
  }

  get anchorNs(): number {
    return this.#anchorNs;
  }

  get spacingNs(): number {
    return this.#spacingNs;
  }

  /** Place after the anchor of the tick that is made next. */
  get nextIndex(): number {
    return this.#index + 1;
  }

  /** When the next tick is due. */
  get nextDueNs(): number {
    return this.#dueNs(this.#index + 1);
  }

  /** Begins anew: what was due while nobody was there is nobody's. */
  restart(nowNs: number): void {
    this.#begin(this.#next?.rate ?? this.#rate, nowNs);
  }

  /** From now on; what is due until now keeps its times. */
  setRate(rate: number, nowNs: number): void {
    if (this.#next !== null) this.#next.rate = rate;
    else if (this.due(nowNs) > 0) this.#next = { rate, fromNs: nowNs };
    else if (rate !== this.#rate) this.#begin(rate, nowNs);
  }

  /** Ticks that are due and not made. After a change of rate, first those from before it. */
  due(nowNs: number): number {
    const next = this.#next;
    if (next === null) return this.#dueBy(nowNs);
    const before = this.#dueBy(Math.min(nowNs, next.fromNs));
    if (before > 0 || nowNs < next.fromNs) return before;
    this.#begin(next.rate, next.fromNs);
    return this.#dueBy(nowNs);
  }

  /** The next `count` ticks are made. */
  take(count: number): void {
    this.#index += count;
    const seconds = Math.floor(this.#index / this.#rate);
    this.#anchorNs += seconds * NS_PER_SECOND;
    this.#index -= seconds * this.#rate;
  }

  /** Gives up what was due before this moment. */
  giveUpBefore(momentNs: number): void {
    for (let late = this.due(momentNs); late > 0; late = this.due(momentNs)) {
      this.shortfall += late;
      this.take(late);
    }
  }

  #begin(rate: number, fromNs: number): void {
    this.#next = null;
    this.#rate = rate;
    this.#spacingNs = NS_PER_SECOND / rate;
    this.#anchorNs = fromNs;
    this.#index = 0;
  }

  #dueBy(momentNs: number): number {
    const elapsedNs = momentNs - this.#anchorNs;
    if (elapsedNs <= 0) return 0;
    let last = Math.floor((elapsedNs * this.#rate) / NS_PER_SECOND);
    // The product is rounded above 2^53: the times themselves decide.
    while (this.#dueNs(last + 1) <= momentNs) last += 1;
    while (last > 0 && this.#dueNs(last) > momentNs) last -= 1;
    return Math.max(0, last - this.#index);
  }

  #dueNs(index: number): number {
    return this.#anchorNs + Math.floor(index * this.#spacingNs);
  }
}
