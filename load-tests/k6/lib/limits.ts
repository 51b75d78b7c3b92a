/**
 * The limits of the scenarios, as k6 thresholds. A script imports nothing outside this folder, so the table of
 * profiling/verdict/thresholds.ts stands here once more, by its names; `k6-limits.test.ts` beside it holds the two together.
 */

import { METRICS } from './metric-names.ts';
import { reasonThresholds } from './reasons.ts';

const amiss = (kind: string) => `${METRICS.deliveriesAmiss}{kind:${kind}}`;
const NONE = 'count==0';

/** One limit: its value in the unit of the table, and the thresholds that hold it. */
export interface K6Limit {
  readonly limit: number;
  readonly thresholds: readonly (readonly [metric: string, expression: string])[];
}

const noneOf = (...metrics: readonly string[]): K6Limit => ({
  limit: 0,
  thresholds: metrics.map((metric) => [metric, NONE] as const),
});
const atMost = (metric: string, percentile: string, limit: number): K6Limit => ({
  limit,
  thresholds: [[metric, `p(${percentile})<=${limit}`]],
});
const below = (percentile: string, limit: number): K6Limit => ({
  limit,
  thresholds: [[METRICS.deliveryLatency, `p(${percentile})<${limit}`]],
});

/** Checks of each request in `http`; a request that fails one is told apart from the others. */
export const HTTP_CHECKS = {
  answered: 'there was an answer',
  inTime: 'the answer came in time',
  ok: 'the answer was a 2xx',
} as const;
const checked = (check: string): K6Limit => ({
  limit: 0,
  thresholds: [[`checks{check:${check}}`, 'rate==1']],
});

/** What k6 can see of the scenarios' limits. */
export const LIMITS = {
  'not-connected': noneOf(METRICS.connectFailures),
  errors: noneOf(METRICS.errors, METRICS.disconnects, METRICS.publishFailures),
  lost: noneOf(amiss('lost')),
  duplicated: noneOf(amiss('duplicated')),
  'out-of-order': noneOf(amiss('out_of_order')),
  'wrong-room': noneOf(amiss('wrong_room')),
  'shared-timestamps': noneOf(amiss('shared_timestamp')),
  p50: below('50', 10),
  p95: below('95', 50),
  p99: below('99', 50),
  'tick-p99': atMost(METRICS.deliveryLatency, '99', 10),
  'delivered-ratio': { limit: 0.98, thresholds: [[METRICS.deliveredRatioHeld, 'rate==1']] },
  'not-recovered': { limit: 0, thresholds: [[METRICS.recovered, 'rate==1']] },
  'http-errors': checked(HTTP_CHECKS.answered),
  'http-timeouts': checked(HTTP_CHECKS.inTime),
  'http-non-2xx': checked(HTTP_CHECKS.ok),
} as const satisfies Record<string, K6Limit>;

export type LimitName = keyof typeof LIMITS;

const LEDGER = ['not-connected', 'errors', 'lost', 'duplicated', 'out-of-order'] as const;

/** The limits each script judges, by the scenario whose limits they are. */
export const JUDGED = {
  matches: [...LEDGER, 'wrong-room', 'p50', 'p95', 'p99'],
  broadcast: [...LEDGER, 'wrong-room', 'p50', 'p95', 'p99'],
  ticks: [...LEDGER, 'shared-timestamps', 'delivered-ratio', 'tick-p99'],
  churn: [...LEDGER, 'wrong-room', 'not-recovered'],
  http: ['http-errors', 'http-timeouts', 'http-non-2xx'],
} as const satisfies Record<string, readonly LimitName[]>;

export type JudgedScript = keyof typeof JUDGED;

/** What a script must have seen some of: one that saw none has measured nothing, and fails. */
const SEEN = {
  matches: METRICS.deliveries,
  broadcast: METRICS.deliveries,
  ticks: METRICS.deliveries,
  churn: METRICS.deliveries,
  http: 'http_reqs',
} as const satisfies Record<JudgedScript, string>;

/**
 * The thresholds of a script.
 *
 * @returns as `options.thresholds` takes them
 */
export function thresholdsFor(script: JudgedScript): Record<string, string[]> {
  const thresholds: Record<string, string[]> = { ...reasonThresholds(), [SEEN[script]]: ['count>0'] };
  for (const name of JUDGED[script]) {
    const { thresholds: held }: K6Limit = LIMITS[name];
    for (const [metric, expression] of held) thresholds[metric] = [...(thresholds[metric] ?? []), expression];
  }
  return thresholds;
}
