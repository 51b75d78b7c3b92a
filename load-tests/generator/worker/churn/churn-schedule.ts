/** When each client of a churn comes, how long it stays and how it ends: decided before anything is sent. */

import type { ChurnPlan, ClientEnd } from '../../churn/churn-plan.ts';
import { Pacer } from '../publishing/pacer.ts';
import { SeededRandom } from '../rng.ts';
import { EndSequence } from './churn-ends.ts';

/** Ends and stays are drawn from sequences of their own, so that neither depends on how often the other draws. */
const STAY_SEED = 0x9e3779b9;

/** One client's life, as it is meant to be. */
export interface Visit {
  /** When it connects, µs of the shared clock. */
  readonly intendedUs: number;
  readonly stayMs: number;
  readonly end: ClientEnd;
}

/** What of a plan decides the schedule. */
export type ChurnScheme = Pick<
  ChurnPlan,
  'seed' | 'connectsPerSecond' | 'churnMs' | 'stayMs' | 'abruptRatio'
>;

export interface ChurnScheduleOptions {
  readonly plan: ChurnScheme;
  readonly startUs: number;
  /** Every `workers`-th visit is this schedule's, from number `worker` on. */
  readonly worker: number;
  readonly workers: number;
}

/** How many clients a plan sends, over all workers. */
export function visitCount({ connectsPerSecond, churnMs }: ChurnScheme): number {
  return Math.ceil((connectsPerSecond * churnMs) / 1_000);
}

/** How many of them are one worker's. */
export function visitsOf(plan: ChurnScheme, worker: number, workers: number): number {
  return Math.max(Math.ceil((visitCount(plan) - worker) / workers), 0);
}

/**
 * One worker's visits, in order. Every worker goes through the whole sequence and takes its own, so that their
 * schedules together are one, however many they are. Pure: neither reads a clock nor waits.
 */
export class ChurnSchedule {
  readonly #options: ChurnScheduleOptions;
  readonly #pacer: Pacer;
  readonly #ends: EndSequence;
  readonly #stays: SeededRandom;
  readonly #visits: number;
  #number = 0;
  #next: Visit | null;

  constructor(options: ChurnScheduleOptions) {
    this.#options = options;
    const { plan, startUs } = options;
    this.#visits = visitCount(plan);
    this.#pacer = new Pacer({
      arrival: 'uniform',
      perSecond: plan.connectsPerSecond,
      seed: plan.seed,
      startUs,
      endUs: startUs + plan.churnMs * 1_000,
    });
    this.#ends = new EndSequence({ visits: this.#visits, abruptRatio: plan.abruptRatio, seed: plan.seed });
    this.#stays = new SeededRandom(plan.seed ^ STAY_SEED);
    this.#next = this.#find();
  }

  /** The next intended time (µs) without taking it; null when the schedule is over. */
  peekUs(): number | null {
    return this.#next === null ? null : this.#next.intendedUs;
  }

  /** Takes the next visit; null when the schedule is over. */
  take(): Visit | null {
    const visit = this.#next;
    this.#next = this.#find();
    return visit;
  }

  #find(): Visit | null {
    const { worker, workers } = this.#options;
    while (this.#number < this.#visits) {
      const isOurs = this.#number % workers === worker;
      this.#number += 1;
      const visit = this.#draw();
      if (visit === null || isOurs) return visit;
    }
    return null;
  }

  #draw(): Visit | null {
    const intendedUs = this.#pacer.takeUs();
    if (intendedUs === null) return null;
    const { min, max } = this.#options.plan.stayMs;
    return { intendedUs, stayMs: min + this.#stays.next() * (max - min), end: this.#ends.next() };
  }
}
