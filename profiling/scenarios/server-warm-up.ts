/**
 * Warms the server up before it is first looked at. A server that never had a client gains 10 MB with its first
 * hundred: code is compiled, pools and the young generation grow. That is no cost of a connection, and an idle
 * reading without it bends the memory slope: seen on two cores, its confidence interval shrinks from 40 KB to 5 KB.
 */

import type { LoadPlan } from '../../load-tests/generator/load-plan.ts';
import type { ServerWarmUp } from '../record/tier-record.ts';
import type { ScenarioContext } from './scenario.ts';
import { planTier } from './tier-plan.ts';

/** Few beside the tiers that give the slope: what the server keeps of this load is missing from it. */
const MOST_CONNECTIONS = 100;
/** Enough for the code of every message to run hot. */
const MEASURE_MS = 1_000;
/** Beyond any tier's, so that the warm-up has a match of its own. */
const WARM_UP_INDEX = 1_000;
/** Lets the server notice the last closes. */
const SETTLE_MS = 250;

/** About how long {@link warmServerUp} takes. */
export const SERVER_WARM_UP_MS = 3_000;

/**
 * Joins, listens and leaves once, in a match that no tier uses. What happens to this load is not recorded:
 * the tiers will show it.
 *
 * @param largestTier connections of the largest tier that follows
 * @throws TouchlineError `TL_WORKER_FAILED` as a tier would
 */
export async function warmServerUp(context: ScenarioContext, largestTier: number): Promise<ServerWarmUp> {
  const plan = warmUpPlan(context, largestTier);
  await context.load.run(plan, { phase: async () => undefined, progress: () => undefined });
  await context.wait(SETTLE_MS);
  const { connections, broadcastsPerSecond, measureMs } = plan;
  return { connections, broadcastsPerSecond, durationMs: measureMs };
}

function warmUpPlan({ options, startedAt, target }: ScenarioContext, largestTier: number): LoadPlan {
  return {
    ...planTier({
      options: { ...options, matchId: undefined },
      startedAt,
      target: target.load,
      tierIndex: WARM_UP_INDEX,
      connections: Math.min(MOST_CONNECTIONS, largestTier),
    }),
    warmUpMs: 0,
    measureMs: MEASURE_MS,
  };
}
