/** The part of the command line that scenarios read; each takes what concerns it. */

import type { Arrival, ClientKind } from '../../load-tests/generator/load-plan.ts';

export interface ScenarioOptions {
  readonly quick: boolean;
  /** `concurrency`: ascending, each once. */
  readonly tiers: readonly number[];
  /** `broadcast`, `memory`, `overhead`: clients at a time. */
  readonly connections: number;
  /** Of each tier, rate, cycle, turn, or of the whole churn. */
  readonly measureMs: number;
  readonly warmUpMs: number;
  readonly broadcastsPerSecond: number;
  /** `broadcast`: rates of the sweep, ascending, each once. */
  readonly rates: readonly number[];
  /** `broadcast`: publishers of the closed load, and how long it lasts. */
  readonly publishers: number;
  readonly closedMs: number;
  /** `broadcast`: clients that stop reading in the last comparison. */
  readonly slowReaders: number;
  /** `memory`: cycles that are measured, after the warm-up cycles. */
  readonly cycles: number;
  /** `churn` */
  readonly connectsPerSecond: number;
  readonly stormClients: number;
  /** `overhead`: turns of each arm. */
  readonly rounds: number;
  readonly arrival: Arrival;
  readonly client: ClientKind;
  readonly seed: number;
  /** Undefined: a match of its own for each tier. */
  readonly matchId: number | undefined;
}
