/** What the generator is asked to do in one cycle: everyone joins, exchanges, half of them unsubscribe, all leave. */

import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import type { ScenarioContext } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario-options.ts';
import { estimateTierMs, planTier } from '../tier-plan.ts';

/** Cycles before the baseline: the server compiles its code, and its histories and rings fill. */
export const WARM_UP_CYCLES = 3;
/** A third of what a room keeps and of the ring of closed connections: after three cycles both are full. */
const WARM_UP_MESSAGES = 40;
const WARM_UP_CONNECTIONS = 100;
/** At 0.1 broadcasts a second, as may be asked for, the warm-up alone would take 20 minutes. */
const WARM_UP_BROADCASTS_PER_SECOND = 80;
/** A cycle without a message would exchange nothing. */
const MIN_MESSAGES = 4;
/** Beyond this the exchange, not the coming and going, would be the load. */
const MOST_DELIVERIES_PER_SECOND = 20_000;
const PINGS_PER_CLIENT = 1;

export type CycleKind = 'warm-up' | 'measured';

interface Cycle {
  readonly connections: number;
  readonly broadcastsPerSecond: number;
  readonly measureMs: number;
}

/** How large a cycle of each kind is, and how long it publishes. */
export function cycleOf(kind: CycleKind, options: ScenarioOptions): Cycle {
  const isWarmUp = kind === 'warm-up';
  const connections = isWarmUp ? Math.max(options.connections, WARM_UP_CONNECTIONS) : options.connections;
  const { broadcastsPerSecond: asked } = options;
  const wanted = isWarmUp ? Math.max(asked, WARM_UP_BROADCASTS_PER_SECOND) : asked;
  const broadcastsPerSecond = Math.min(wanted, MOST_DELIVERIES_PER_SECOND / connections);
  const messages = isWarmUp ? WARM_UP_MESSAGES : MIN_MESSAGES;
  const neededMs = Math.ceil((messages * 1_000) / broadcastsPerSecond);
  return { connections, broadcastsPerSecond, measureMs: Math.max(options.measureMs, neededMs) };
}

/** Every cycle is in one match: the history of one match is bounded, that of many would grow. */
export function planCycle(
  { options, startedAt, target }: ScenarioContext,
  kind: CycleKind,
  cycleIndex: number,
): LoadPlan {
  const { connections, broadcastsPerSecond, measureMs } = cycleOf(kind, options);
  const plan = planTier({ options, startedAt, target: target.load, tierIndex: 0, connections });
  return {
    ...plan,
    seed: (options.seed + cycleIndex) >>> 0,
    broadcastsPerSecond,
    measureMs,
    leaveEarly: Math.floor(connections / 2),
    pingsPerClient: PINGS_PER_CLIENT,
  };
}

/** How long a cycle of this kind will take, roughly. */
export function estimateCycleMs(kind: CycleKind, options: ScenarioOptions): number {
  const { connections, measureMs } = cycleOf(kind, options);
  return estimateTierMs({ ...options, measureMs }, connections);
}
