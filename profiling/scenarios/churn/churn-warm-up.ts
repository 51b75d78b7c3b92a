/** Warms the server up for a churn: code, pools and the room itself are there before it is first looked at. */

import type { ChurnOutline } from '../../record/churn-record.ts';
import type { ServerWarmUp } from '../../record/tier-record.ts';
import type { ScenarioContext } from '../scenario.ts';
import { planChurn, warmUpOutline } from './churn-outline.ts';
import { watchRelease } from './release-watch.ts';

/** About how long {@link warmChurnUp} takes. */
export const CHURN_WARM_UP_MS = 3_000;

const UNWATCHED = { phase: () => undefined, progress: () => undefined };

/**
 * A small churn and storm that nobody watches, up to the moment when the target has let go of everyone: what it holds
 * then would stand in the baseline.
 *
 * @param longestMs longest wait for that
 * @throws TouchlineError as `LoadCoordinator.churn` does
 */
export async function warmChurnUp(
  context: ScenarioContext,
  outline: ChurnOutline,
  longestMs: number,
): Promise<ServerWarmUp> {
  const { target, load } = context;
  const small = warmUpOutline(outline);
  const before = await target.view.scrape();
  await load.churn(planChurn({ ...context, target: target.load }, small), UNWATCHED);
  await watchRelease(context, {
    baselineConnections: before?.value('touchline_connections') ?? 0,
    longestMs,
  });
  return {
    connections: Math.round((small.connectsPerSecond * small.churnMs) / 1_000) + small.stormClients,
    broadcastsPerSecond: small.broadcastsPerSecond,
    durationMs: small.churnMs,
  };
}
