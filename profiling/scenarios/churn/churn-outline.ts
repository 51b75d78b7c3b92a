/** What the clients of a churn run are told to do: plans for the generator, and the same in run.json. */

import type { ChurnPlan } from '../../../load-tests/generator/churn/churn-plan.ts';
import type { LoadTarget } from '../../../load-tests/generator/load-plan.ts';
import type { ChurnOutline } from '../../record/churn-record.ts';
import { ledgerRunId, matchIdOfTier } from '../../run/run-names.ts';
import type { ScenarioOptions } from '../scenario-options.ts';

/** Long enough to hear a few commentaries, short enough that connections come and go all the time. */
const STAY_MS = { min: 1_000, max: 3_000 } as const;
const ABRUPT_RATIO = 0.25;
/** A lost network comes back after about this long, and something is missed meanwhile. */
const STORM_AWAY_MS = 2_000;
const QUICK_STORM_AWAY_MS = 1_000;
/** A server finds a silent client within two heartbeats; twice that is never. */
const SILENT_TIMEOUT_HEARTBEATS = 4;
/** Two and a half heartbeats of the reference server's default, for targets that do not tell theirs. */
const UNKNOWN_SILENT_TIMEOUT_MS = 75_000;
/** About what a line of live commentary has, ledger entry included. */
const TEXT_LENGTH = 200;
const CONNECT_TIMEOUT_MS = 10_000;
/** Below the listen backlog of 511, so that the kernel never drops a handshake. */
const CONNECTS_IN_FLIGHT = 100;
const DRAIN_TIMEOUT_MS = 10_000;

/** Set in a server that the profiler starts, unless the run is quick, which sets its own. */
export const HEARTBEAT_SECS = 5;

/** The unmeasured churn before the server is first looked at: enough for every path but that of silent clients. */
const WARM_UP = {
  connectsPerSecond: 100,
  churnMs: 1_000,
  stayMs: { min: 100, max: 300 },
  abruptRatio: 0,
  stormClients: 100,
  stormAwayMs: 100,
} as const;

/** @param heartbeatMs null where it is not known */
export function outlineOf(options: ScenarioOptions, heartbeatMs: number | null): ChurnOutline {
  return {
    connectsPerSecond: options.connectsPerSecond,
    churnMs: options.measureMs,
    stayMs: STAY_MS,
    abruptRatio: ABRUPT_RATIO,
    silentTimeoutMs:
      heartbeatMs === null ? UNKNOWN_SILENT_TIMEOUT_MS : SILENT_TIMEOUT_HEARTBEATS * heartbeatMs,
    stormClients: options.stormClients,
    stormAwayMs: options.quick ? QUICK_STORM_AWAY_MS : STORM_AWAY_MS,
    broadcastsPerSecond: options.broadcastsPerSecond,
  };
}

/** The same, smaller and shorter; `stormClients` of the run are the most it uses. */
export function warmUpOutline(outline: ChurnOutline): ChurnOutline {
  return { ...outline, ...WARM_UP, stormClients: Math.min(WARM_UP.stormClients, outline.stormClients) };
}

export interface ChurnPlanInput {
  readonly options: ScenarioOptions;
  readonly startedAt: number;
  readonly target: LoadTarget;
}

/**
 * The generator's plan; everything random in it follows from the seed. All plans of a run use one match, so that the
 * server has its room before it is first looked at.
 */
export function planChurn({ options, startedAt, target }: ChurnPlanInput, outline: ChurnOutline): ChurnPlan {
  return {
    ...outline,
    runId: ledgerRunId(startedAt, options.seed),
    seed: options.seed,
    target,
    workload: 'matches',
    matchId: options.matchId ?? matchIdOfTier(startedAt, options.seed, 0),
    client: options.client,
    textLength: TEXT_LENGTH,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    connectsInFlight: CONNECTS_IN_FLIGHT,
    drainTimeoutMs: DRAIN_TIMEOUT_MS,
  };
}

/** Most connections open at a time: those that stay, those that fell silent and are not found yet, or the storm. */
export function mostConnections(options: ScenarioOptions): number {
  const { connectsPerSecond, measureMs, stormClients } = options;
  const ever = connectsPerSecond * (measureMs / 1_000);
  const silentSeconds = 2.5 * HEARTBEAT_SECS;
  const open = connectsPerSecond * (STAY_MS.max / 1_000 + (ABRUPT_RATIO / 2) * silentSeconds);
  return Math.max(Math.ceil(Math.min(open, ever)), stormClients, 1);
}

/** About how long the churn and the storm take, without looks at the server. */
export function estimateChurnMs({ churnMs, stayMs, stormAwayMs }: ChurnOutline, heartbeatMs: number): number {
  const RECOVERY_MS = 3_000;
  return churnMs + stayMs.max + 2 * heartbeatMs + stormAwayMs + RECOVERY_MS;
}
