/** What a script says when it is over: a few lines for people, and the same figures as JSON for programs. */

import { AMISS_KINDS, METRICS } from './metric-names.ts';
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
  readonly latencyMs: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** As in the scenarios: at least 95 % of what was asked for must have been sent. */
const MOST_DROPPED = 0.05;
/** As much as the limit of the median latency. */
const MOST_LAG_MS = 10;

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
} as const;

const TRENDS = {
  delivery: METRICS.deliveryLatency,
  connect: METRICS.connectDuration,
  scheduleLag: METRICS.scheduleLag,
  ping: 'ws_ping',
  http: 'http_req_duration',
} as const;

/** @returns as `handleSummary` returns it: where each text goes */
export function summaryOf(input: SummaryInput): Record<string, string> {
  const summary = summarise(input);
  const { summaryFile } = input.settings;
  return {
    stdout: formatSummary(summary),
    ...(summaryFile === '' ? {} : { [summaryFile]: `${JSON.stringify(summary, null, 2)}\n` }),
  };
}

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
    Object.entries(thresholds).map(([expression, { ok }]) => ({
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

/** The lines for people: the verdict first, then what was counted, then each limit. */
export function formatSummary(summary: K6Summary): string {
  const { script, load, durationSeconds, held, limits } = summary;
  const broken = limits.filter(({ held: ok }) => !ok).length;
  const verdict = held ? 'held all limits' : `broke ${broken} of ${limits.length} limits`;
  return [
    '',
    `${script}: ${verdict} (${load} for ${durationSeconds} s)`,
    ...shortfallsOf(summary).map((text) => `  ${text}`),
    ...countLines(summary),
    ...limits.map(limitLine),
    '',
  ].join('\n');
}

/** What the figures are short of, in sentences. */
export function shortfallsOf(summary: Shortfalls): readonly string[] {
  const { droppedIterations, unfinished, latencyMs } = summary;
  const lagMs = lagOf(latencyMs);
  return [
    ...(droppedIterations === 0
      ? []
      : [
          `k6 could not begin ${whole(droppedIterations)} iterations in time: the load was less than asked for`,
        ]),
    ...(unfinished === 0
      ? []
      : [`${whole(unfinished)} clients were cut short: what they were owed is not counted`]),
    ...(lagMs <= MOST_LAG_MS
      ? []
      : [
          `k6 itself was late: it published ${short(lagMs)} ms (p99) after its schedule, which is in the latencies`,
        ]),
  ];
}

type Shortfalls = Pick<K6Summary, 'iterations' | 'droppedIterations' | 'unfinished' | 'latencyMs'>;

/** Whether so much is missing that the test says nothing about the load that was asked for. */
export function isInconclusive({
  iterations,
  droppedIterations,
  unfinished,
}: Omit<Shortfalls, 'latencyMs'>): boolean {
  return unfinished > 0 || droppedIterations > MOST_DROPPED * (iterations + droppedIterations);
}

/**
 * Whether only latencies broke their limits while k6 was late with its own schedule: they may be k6's own then, and say nothing of
 * the server.
 */
export function blamesLateK6({ limits, latencyMs }: Pick<K6Summary, 'limits' | 'latencyMs'>): boolean {
  const broken = limits.filter(({ held }) => !held);
  return lagOf(latencyMs) > MOST_LAG_MS && broken.every(({ metric }) => metric === METRICS.deliveryLatency);
}

function lagOf(latencyMs: K6Summary['latencyMs']): number {
  return latencyMs['scheduleLag']?.['p(99)'] ?? 0;
}

function countLines({ counts, amiss, timed, timedOneIn, latencyMs }: K6Summary): readonly string[] {
  const { connectsAttempted = 0, connectFailures = 0, deliveries = 0, deliveriesExpected = 0 } = counts;
  const { broadcastsSent = 0, broadcastsAccepted = 0, httpRequests = 0, resumedMessages = 0 } = counts;
  const resumed = resumedMessages === 0 ? '' : `, ${whole(resumedMessages)} came by resuming`;
  const kinds = Object.entries(amiss).filter(([, count]) => count > 0);
  const wrong = kinds.map(([kind, count]) => `, ${whole(count)} ${kind.replaceAll('_', ' ')}`).join('');
  const rows: readonly (readonly [boolean, string])[] = [
    [
      connectsAttempted > 0,
      `connected    ${whole(connectsAttempted - connectFailures)} of ${whole(connectsAttempted)}`,
    ],
    [broadcastsSent > 0, `broadcasts   ${whole(broadcastsAccepted)} accepted of ${whole(broadcastsSent)}`],
    [
      connectsAttempted > 0,
      `deliveries   ${whole(deliveries)}; ${whole(deliveriesExpected)} were owed${resumed}${wrong}`,
    ],
    [httpRequests > 0, `requests     ${whole(httpRequests)}, ${trendText(latencyMs['http'])}`],
    [
      timed > 0,
      `latency      ${trendText(latencyMs['delivery'])} (${timedOneIn === 1 ? 'each' : `one in ${whole(timedOneIn)}`} timed, ${whole(timed)} in all)`,
    ],
  ];
  return rows.filter(([applies]) => applies).map(([, text]) => `  ${text}`);
}

function trendText(values: Readonly<Record<string, number>> = {}): string {
  return ['p(50)', 'p(95)', 'p(99)', 'max']
    .map((key) => `${key.replace(/[()]/g, '')} ${short(values[key] ?? 0)} ms`)
    .join(', ');
}

function limitLine({ metric, expression, observed, held }: SummaryLimit): string {
  const name = metric.replace('touchline_profile_', '');
  return `  ${held ? 'ok  ' : 'FAIL'} ${name}: ${expression}, was ${short(observed)}`;
}

function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

function short(value: number): string {
  return Number.isInteger(value) ? whole(value) : String(Number(value.toPrecision(3)));
}
