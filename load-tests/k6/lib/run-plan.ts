/** When what happens: clients join, the load goes on for its duration, and what is under way then has time to arrive. */

import type { Settings } from './settings.ts';

/** Decided once, in `setup`, for all virtual users. */
export interface RunStart {
  readonly runId: string;
  /** Epoch ms. */
  readonly startedAtMs: number;
}

export interface RunPlan {
  /** Clients join one after the other for half of this; the other half is for the last of them to be up. */
  readonly joinSeconds: number;
  readonly durationSeconds: number;
  /** What is under way when the load ends has this long to arrive. */
  readonly drainSeconds: number;
  /** When the last client is on its way out, from the start on. */
  readonly leaveSeconds: number;
  /** Longer than any timeout of a client, so that k6 never cuts one short. */
  readonly mostSeconds: number;
}

const JOINS_PER_SECOND = 500;
const LEAST_JOIN_SECONDS = 1;
const DRAIN_SECONDS = 1;
const SPARE_SECONDS = 40;
/** Publishers that wait for an answer. Those that are there from the start are enough for answers within half a second. */
const MOST_PUBLISHERS = 200;
const PUBLISHERS_PER_RATE = 0.5;
const FIRST_PUBLISHERS = 10;

export function planOf({ clients, durationSeconds }: Settings): RunPlan {
  const joinSeconds = LEAST_JOIN_SECONDS + Math.ceil((2 * clients) / JOINS_PER_SECOND);
  const leaveSeconds = joinSeconds + durationSeconds + DRAIN_SECONDS;
  return {
    joinSeconds,
    durationSeconds,
    drainSeconds: DRAIN_SECONDS,
    leaveSeconds,
    mostSeconds: leaveSeconds + SPARE_SECONDS,
  };
}

/** @param now epoch ms */
export function startRun({ runId }: Settings, now: number): RunStart {
  return { runId: runId === '' ? `k6${now.toString(36)}` : runId, startedAtMs: now };
}

/**
 * When the one of so many clients joins.
 *
 * @param index from 0
 * @returns ms after the start
 */
export function joinAfterMs({ joinSeconds }: RunPlan, index: number, clients: number): number {
  return (joinSeconds * 500 * (index % clients)) / clients;
}

/** A k6 scenario: `exec` once by each client. */
export function onceEach(exec: string, clients: number, { mostSeconds }: RunPlan) {
  return {
    executor: 'per-vu-iterations',
    vus: clients,
    iterations: 1,
    maxDuration: `${mostSeconds}s`,
    exec,
  } as const;
}

/** A k6 scenario: `exec` at a rate, by the clock and not by answers, once the clients are up. */
export function atRate(exec: string, ratePerSecond: number, plan: RunPlan) {
  return {
    executor: 'constant-arrival-rate',
    startTime: `${plan.joinSeconds}s`,
    duration: `${plan.durationSeconds}s`,
    rate: ratePerSecond,
    timeUnit: '1s',
    preAllocatedVUs: Math.min(
      MOST_PUBLISHERS,
      Math.max(FIRST_PUBLISHERS, Math.ceil(ratePerSecond * PUBLISHERS_PER_RATE)),
    ),
    maxVUs: MOST_PUBLISHERS,
    exec,
  } as const;
}

/** As `load:http` has it. */
export const REQUEST_TIMEOUT = '10s';

/** Options that all scripts share. */
export const SHARED_OPTIONS = {
  // Without url: it names the match, and a label for each would make too many series.
  systemTags: ['scenario', 'name', 'method', 'status', 'check', 'error_code', 'expected_response'],
  summaryTrendStats: ['count', 'min', 'p(50)', 'p(95)', 'p(99)', 'max'],
} as const;
