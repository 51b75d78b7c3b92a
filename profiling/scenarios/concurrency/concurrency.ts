/**
 * How many connections does the server hold? Tier by tier, every client joins one match, commentary is
 * published at a fixed rate, and every delivery is accounted for.
 */

import type { ConcurrencyBody } from '../../record/concurrency-record.ts';
import type { RunOutcome } from '../../record/run-envelope.ts';
import type { IdleRecord, ServerWarmUp, TierRecord } from '../../record/tier-record.ts';
import { IDLE_WATCH_MS, watchIdle } from '../idle-watch.ts';
import { measureTier } from '../measure-tier.ts';
import { attempt, endAfter, interruptedBefore } from '../run-steps.ts';
import type { Scenario, ScenarioContext, ScenarioProgress, ScenarioResult } from '../scenario.ts';
import { SERVER_WARM_UP_MS, warmServerUp } from '../server-warm-up.ts';
import { estimateTierMs, planTier, rateOfTier } from '../tier-plan.ts';

/** The scenario `concurrency`. */
export const concurrency: Scenario<'concurrency'> = {
  name: 'concurrency',
  needsSpawnedServer: false,
  demand: ({ tiers, broadcastsPerSecond }) => {
    const connections = Math.max(...tiers);
    return { connections, deliveriesPerSecond: connections * broadcastsPerSecond };
  },
  overrides: () => [],
  describe: ({ tiers, measureMs, broadcastsPerSecond }) =>
    `tiers of ${tiers.join(', ')} connections, ${measureMs / 1_000} s each at ${broadcastsPerSecond} broadcasts/s`,
  recorded: ({ tiers, measureMs, warmUpMs, broadcastsPerSecond }) => ({
    tiers: tiers.join(','),
    measureMs,
    warmUpMs,
    broadcastsPerSecond,
  }),
  nothing: () => ({ scenario: 'concurrency', idle: { memory: null, cpuCores: null }, tiers: [] }),
  run: runConcurrency,
};

/** Everything so far; a run that ends early is this much. */
interface SoFar {
  serverWarmUp: ServerWarmUp | undefined;
  idle: IdleRecord;
  readonly tiers: TierRecord[];
}

async function runConcurrency(context: ScenarioContext): Promise<ScenarioResult<ConcurrencyBody>> {
  const soFar: SoFar = { serverWarmUp: undefined, idle: { memory: null, cpuCores: null }, tiers: [] };
  const outcome = (await prepare(context, soFar)) ?? (await climb(context, soFar));
  const { serverWarmUp, idle, tiers } = soFar;
  const warmUp = serverWarmUp === undefined ? {} : { serverWarmUp };
  return { outcome, body: { scenario: 'concurrency', ...warmUp, idle, tiers } };
}

/** Warms the server up, then looks at it without a connection. @returns why the run ends here, if it does */
async function prepare(context: ScenarioContext, soFar: SoFar): Promise<RunOutcome | undefined> {
  const first = tierName(context.options.tiers[0] ?? 0);
  return attempt(context, first, async () => {
    reportBefore(context, 'warm-server');
    soFar.serverWarmUp = await warmServerUp(context, Math.max(...context.options.tiers));
    if (context.signal.aborted) return interruptedBefore(first);
    reportBefore(context, 'idle');
    soFar.idle = await watchIdle(context);
    return undefined;
  });
}

/** Runs tier after tier. @returns how the run ended */
async function climb(context: ScenarioContext, soFar: SoFar): Promise<RunOutcome> {
  for (const [tierIndex, connections] of context.options.tiers.entries()) {
    const what = tierName(connections);
    const end = await attempt(context, what, async () => {
      const tier = await runTier(context, tierIndex, connections);
      soFar.tiers.push(tier);
      return endAfter(context, tier.load.state, what);
    });
    if (end !== undefined) return end;
  }
  return { state: 'completed' };
}

function tierName(connections: number): string {
  return `the tier of ${connections} connections`;
}

function runTier(context: ScenarioContext, tierIndex: number, connections: number): Promise<TierRecord> {
  const { options, startedAt, target } = context;
  return measureTier(context, {
    plan: planTier({ options, startedAt, target: target.load, tierIndex, connections }),
    rateNote: rateOfTier(options.broadcastsPerSecond, connections).rateNote,
    step: `tier ${tierIndex + 1}/${options.tiers.length}`,
    estimatedMs: estimateTierMs(options, connections),
    remainingAfterMs: options.tiers
      .slice(tierIndex + 1)
      .reduce((total, later) => total + estimateTierMs(options, later), 0),
  });
}

function reportBefore({ options, report }: ScenarioContext, phase: ScenarioProgress['phase']): void {
  report({
    phase,
    step: '',
    connections: 0,
    load: null,
    remainingMs: options.tiers.reduce(
      (total, connections) => total + estimateTierMs(options, connections),
      IDLE_WATCH_MS + (phase === 'warm-server' ? SERVER_WARM_UP_MS : 0),
    ),
  });
}
