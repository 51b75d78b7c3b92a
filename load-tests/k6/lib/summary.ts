/** The figures of a test, out of what k6 hands over when it is over. */

import { AMISS_KINDS, METRICS } from './metric-names.ts';
import { ALWAYS, type Reasons, reasonsOf } from './reasons.ts';
import type { Settings } from './settings.ts';

/** What k6 hands to `handleSummary`, as far as it is read here. */
export interface SummaryData {
  readonly metrics: Readonly<Record<string, SummaryMetric>>;
  readonly state: { readonly testRunDurationMs: number };
}

export interface SummaryMetric {
  readonly type: string;
  /** Trends in ms. */
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

export interface SummaryInput {
  readonly script: string;
  /** In words: what was asked for. */
  readonly load: string;
  /** Of so many deliveries one was timed; 0 where none is. */
  readonly timedOneIn: number;
  readonly settings: Settings;
  readonly data: SummaryData;
}

/** One threshold and how it went. */
export interface SummaryLimit {
  readonly metric: string;
  readonly expression: string;
  readonly observed: number;
  readonly held: boolean;
}

/** The JSON summary. Latencies in ms. */
export interface K6Summary {
  readonly schema: 'touchline-k6-summary';
  readonly version: 1;
  readonly script: string;
  readonly load: string;
  readonly durationSeconds: number;
  /** Shorter than that where the test was broken off. */
  readonly loadSeconds: number;
  readonly held: boolean;
  readonly limits: readonly SummaryLimit[];
  readonly iterations: number;
  /** Iterations that k6 could not begin in time: the load was less than asked for. */
  readonly droppedIterations: number;
  /** Clients that were cut short, by an error in the script or the end of the test: their books are not in the figures. */
  readonly unfinished: number;
  readonly timedOneIn: number;
  readonly timed: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly amiss: Readonly<Record<string, number>>;
  /** Why something failed. */
  readonly reasons: Reasons;
  readonly latencyMs: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const COUNTS = {
  connectsAttempted: METRICS.connectsAttempted,
  connectFailures: METRICS.connectFailures,
  disconnects: METRICS.disconnects,
  errors: METRICS.errors,
  broadcastsSent: METRICS.broadcastsSent,
  broadcastsAccepted: METRICS.broadcastsAccepted,
  publishFailures: METRICS.publishFailures,
  deliveries: METRICS.deliveries,
  deliveriesExpected: METRICS.deliveriesExpected,
  resumedMessages: METRICS.resumedMessages,
  wsMessagesReceived: 'ws_msgs_received',
  httpRequests: 'http_reqs',
  bytesReceived: 'data_received',
  bytesSent: 'data_sent',
} as const;

const TRENDS = {
  delivery: METRICS.deliveryLatency,
  connect: METRICS.connectDuration,
  scheduleLag: METRICS.scheduleLag,
  ping: 'ws_ping',
  http: 'http_req_duration',
} as const;

/** The figures of a test. */
export function summarise({ script, load, timedOneIn, settings, data }: SummaryInput): K6Summary {
  const limits = limitsOf(data);
  const count = (metric: string) => data.metrics[metric]?.values['count'] ?? 0;
  const delivered = data.metrics[METRICS.deliveryLatency];
  return {
    schema: 'touchline-k6-summary',
    version: 1,
    script,
    load,
    durationSeconds: settings.durationSeconds,
    loadSeconds: Math.min(settings.durationSeconds, data.state.testRunDurationMs / 1_000),
    held: limits.every(({ held }) => held),
    limits,
    iterations: count('iterations'),
    droppedIterations: count('dropped_iterations'),
    unfinished: count(METRICS.connectsAttempted) - count(METRICS.connectionsEnded),
    timedOneIn,
    timed: delivered?.values['count'] ?? 0,
    counts: mapValues(COUNTS, count),
    amiss: Object.fromEntries(
      AMISS_KINDS.map((kind) => [kind, count(`${METRICS.deliveriesAmiss}{kind:${kind}}`)]),
    ),
    reasons: reasonsOf(count),
    latencyMs: mapValues(TRENDS, (metric) => data.metrics[metric]?.values ?? {}),
  };
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  turn: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, turn(value)]));
}

/** Broken ones first; k6 hands them over in any order. */
function limitsOf({ metrics }: SummaryData): readonly SummaryLimit[] {
  const limits = Object.entries(metrics).flatMap(([metric, { values, thresholds = {} }]) =>
    Object.entries(thresholds)
      .filter(([expression]) => expression !== ALWAYS)
      .map(([expression, { ok }]) => ({
        metric,
        expression,
        observed: values[observedKey(expression)] ?? 0,
        held: ok,
      })),
  );
  const key = ({ held, metric, expression }: SummaryLimit) => `${held ? 1 : 0} ${metric} ${expression}`;
  return limits.toSorted((one, other) => key(one).localeCompare(key(other), 'en'));
}

/** `p(99)<50` speaks of `p(99)`. */
function observedKey(expression: string): string {
  return expression.split(/[<>=!]/, 1)[0]?.trim() ?? '';
}
