/**
 * Why something failed, as the scripts label it. k6 gives a summary only those labels that a threshold names, so each of these has
 * a threshold that always holds.
 */

import { METRICS } from './metric-names.ts';

export const CONNECT_REASONS = {
  refused: 'refused by the server',
  nobody: 'nobody listens',
  closed: 'closed',
  timeout: 'timeout',
  other: 'other',
} as const;

/** Of a connection that ended early and gave no close code. */
export const END_REASONS = { closed: 'closed', broken: 'broken' } as const;

/** Of a request that no answer came to. */
export const NO_ANSWER = 'no answer';

export const ERROR_REASONS = {
  unreadable: 'unreadable',
  unknown: 'unknown event',
  binary: 'binary',
  subscribe: 'subscribe unanswered',
  unsubscribe: 'unsubscribe unanswered',
} as const;

const CLOSE_CODES = [
  1000, 1001, 1002, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 4001, 4002, 4004, 4005, 4501,
];
const STATUSES = [200, 302, 400, 401, 403, 404, 405, 413, 415, 429, 500, 502, 503, 504];
const EVENT_CODES = [
  'invalid_json',
  'invalid_message',
  'unknown_type',
  'binary_unsupported',
  'rate_limit',
  'not_subscribed',
  'too_many_subscriptions',
];

interface FailureKind {
  readonly metric: string;
  readonly label: string;
  readonly reasons: readonly (string | number)[];
}

/** What fails, by its name in the summary. */
const FAILURES = {
  connectFailures: {
    metric: METRICS.connectFailures,
    label: 'reason',
    reasons: Object.values(CONNECT_REASONS),
  },
  disconnects: {
    metric: METRICS.disconnects,
    label: 'reason',
    reasons: [...Object.values(END_REASONS), ...CLOSE_CODES],
  },
  publishFailures: { metric: METRICS.publishFailures, label: 'reason', reasons: [NO_ANSWER, ...STATUSES] },
  errors: {
    metric: METRICS.errors,
    label: 'reason',
    reasons: [...Object.values(ERROR_REASONS), ...EVENT_CODES],
  },
  httpAnswers: { metric: 'http_reqs', label: 'status', reasons: STATUSES.filter((status) => status >= 300) },
} as const satisfies Record<string, FailureKind>;

export type FailureName = keyof typeof FAILURES;

/** Counts by reason, largest first, without those that are 0. */
export type Reasons = Readonly<Record<FailureName, readonly (readonly [reason: string, count: number])[]>>;

const UNNAMED = 'something else';

/** Holds whatever comes. */
export const ALWAYS = 'count>=0';

const selector = ({ metric, label }: FailureKind, reason: string | number) => `${metric}{${label}:${reason}}`;

/** @returns as `options.thresholds` takes them */
export function reasonThresholds(): Record<string, string[]> {
  const selectors = Object.values(FAILURES).flatMap((kind: FailureKind) =>
    kind.reasons.map((reason) => selector(kind, reason)),
  );
  return Object.fromEntries(selectors.map((name) => [name, [ALWAYS]]));
}

/** @param count how often a metric of k6, or one label of it, was counted */
export function reasonsOf(count: (metric: string) => number): Reasons {
  const entries = Object.entries(FAILURES).map(([name, kind]: [string, FailureKind]) => {
    const known = kind.reasons.map((reason) => [String(reason), count(selector(kind, reason))] as const);
    const named = known.reduce((sum, [, times]) => sum + times, 0);
    // Of requests, most did not fail.
    const unnamed = kind.label === 'reason' ? count(kind.metric) - named : 0;
    const came = [...known, [UNNAMED, unnamed] as const].filter(([, times]) => times > 0);
    return [name, came.toSorted(([, one], [, other]) => other - one)];
  });
  return Object.fromEntries(entries) as Reasons;
}
