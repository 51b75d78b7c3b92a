/** What the generator is asked to do in one tier. */

import type { LoadPlan, LoadTarget } from '../../load-tests/generator/load-plan.ts';
import { ledgerRunId, matchIdOfTier } from '../run/run-names.ts';
import type { ScenarioOptions } from './scenario-options.ts';

/** Up to here the rate stays as asked for; above, deliveries per second stay at this times 10. */
export const FULL_RATE_CONNECTIONS = 10_000;
/** Deliveries per second that tiers above {@link FULL_RATE_CONNECTIONS} are lowered to. */
export const MOST_DELIVERIES_PER_SECOND = 100_000;

/** About what a line of live commentary has, ledger entry included. */
const TEXT_LENGTH = 200;
const CONNECT_TIMEOUT_MS = 10_000;
/** Below the listen backlog of 511, so that the kernel never drops a handshake. */
const CONNECTS_IN_FLIGHT = 100;
const DRAIN_TIMEOUT_MS = 10_000;

export interface TierRate {
  readonly broadcastsPerSecond: number;
  /** Said where the rate was lowered. */
  readonly rateNote?: string;
}

/** The rate of a tier: as asked for, lowered where every broadcast goes to more than 10,000 connections. */
export function rateOfTier(broadcastsPerSecond: number, connections: number): TierRate {
  const most = MOST_DELIVERIES_PER_SECOND / connections;
  if (connections <= FULL_RATE_CONNECTIONS || broadcastsPerSecond <= most) return { broadcastsPerSecond };
  return {
    broadcastsPerSecond: most,
    rateNote: `rate lowered from ${broadcastsPerSecond}/s to ${most.toFixed(2)}/s: above ${FULL_RATE_CONNECTIONS} connections it is ${MOST_DELIVERIES_PER_SECOND} ÷ connections`,
  };
}

export interface TierPlanInput {
  readonly options: ScenarioOptions;
  readonly startedAt: number;
  readonly target: LoadTarget;
  readonly tierIndex: number;
  readonly connections: number;
}

/** One tier's plan; everything random in it follows from the seed. */
export function planTier({ options, startedAt, target, tierIndex, connections }: TierPlanInput): LoadPlan {
  return {
    runId: ledgerRunId(startedAt, options.seed),
    seed: (options.seed + tierIndex) >>> 0,
    target,
    workload: 'matches',
    matchId: options.matchId ?? matchIdOfTier(startedAt, options.seed, tierIndex),
    client: options.client,
    connections,
    broadcastsPerSecond: rateOfTier(options.broadcastsPerSecond, connections).broadcastsPerSecond,
    arrival: options.arrival,
    textLength: TEXT_LENGTH,
    warmUpMs: options.warmUpMs,
    measureMs: options.measureMs,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    connectsInFlight: CONNECTS_IN_FLIGHT,
    drainTimeoutMs: DRAIN_TIMEOUT_MS,
  };
}

/** Time a tier takes beside its windows: handshakes, subscribes, garbage collection, drain and close. */
const TIER_OVERHEAD_MS = 1_500;
/** Handshake and close of one connection, as seen with 10,000 connections on two cores. */
const MS_PER_CONNECTION = 0.6;

/** How long a tier will take, roughly. */
export function estimateTierMs(options: ScenarioOptions, connections: number): number {
  return options.warmUpMs + options.measureMs + TIER_OVERHEAD_MS + connections * MS_PER_CONNECTION;
}
