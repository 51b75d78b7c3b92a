/** Every default limit, once: `--help`, verdicts and reports read this table. 1 KB is 1,000 bytes here. */

import type { ScenarioName } from '../record/run-record.ts';
import { formatPercent, formatRate } from './quantities.ts';
import type { CheckUnit } from './verdict.ts';

export interface ThresholdDefinition {
  readonly title: string;
  readonly limit: number;
  readonly unit: CheckUnit;
  /** `at-most` and `at-least`: the limit itself still passes. `below`: it does not. */
  readonly comparison: 'at-most' | 'below' | 'at-least';
  /** The scenarios that judge it. */
  readonly scenarios: readonly ScenarioName[];
  readonly help: string;
}

const ROOMS = ['concurrency', 'broadcast', 'memory', 'churn', 'overhead'] as const;
const LOADED = [...ROOMS, 'firehose'] as const;
const PACED = ['concurrency', 'broadcast'] as const;

const noneOf = (title: string, scenarios: readonly ScenarioName[], help: string) =>
  ({ title, limit: 0, unit: 'count', comparison: 'at-most', scenarios, help }) as const;
const delivery = (percentile: string, limit: number) =>
  ({
    title: `Delivery latency ${percentile}`,
    limit,
    unit: 'ms',
    comparison: 'below',
    scenarios: PACED,
    help: `${percentile} from the intended send to the receipt, in each tier`,
  }) as const;
const slope = (title: string, limit: number, help: string) =>
  ({ title, limit, unit: 'bytes', comparison: 'at-most', scenarios: ['memory'], help }) as const;

export const THRESHOLDS = {
  'not-connected': noneOf('Connections missing', LOADED, 'attempted minus connected, over the whole run'),
  errors: noneOf(
    'Errors',
    LOADED,
    'failed subscribes and publishes, connections that ended early, unreadable messages',
  ),
  lost: noneOf('Messages lost', LOADED, 'expected deliveries that never came'),
  duplicated: noneOf('Messages duplicated', LOADED, 'deliveries that came more than once'),
  'out-of-order': noneOf('Messages out of order', LOADED, 'deliveries that came after a later one'),
  'wrong-room': noneOf('Messages in the wrong room', ROOMS, 'deliveries of a room the client had not joined'),
  'shared-timestamps': noneOf(
    'Ticks sharing a timestamp',
    ['firehose'],
    'ticks of the unique source with the time of another one: time is their identity',
  ),
  p50: delivery('p50', 10),
  p95: delivery('p95', 50),
  p99: delivery('p99', 50),
  'rss-per-connection': {
    title: 'Server memory per connection',
    limit: 50_000,
    unit: 'bytes',
    comparison: 'below',
    scenarios: ['concurrency'],
    help: 'slope of the server RSS over connections (1 KB is 1,000 bytes)',
  },
  // 5 % of four cores for each 1,000 connections.
  'cpu-per-1000': {
    title: 'Server CPU per 1,000 connections',
    limit: 0.2,
    unit: 'cores',
    comparison: 'below',
    scenarios: ['concurrency'],
    help: 'cores above the idle server for each 1,000 connections, in tiers of 500 and more',
  },
  // With 100 members 10,000 deliveries a second: what the tier of 1,000 connections asks for.
  'sustained-rate': {
    title: 'Sustained broadcast rate',
    limit: 100,
    unit: 'per-second',
    comparison: 'at-least',
    scenarios: ['broadcast'],
    help: 'highest rate of broadcasts that holds every other limit',
  },
  // Beside the 100,000/s stand 186,000/s of a browser that renders every message and 290,000/s of a native reader.
  'sustained-tick-rate': {
    title: 'Sustained tick rate',
    limit: 100_000,
    unit: 'per-second',
    comparison: 'at-least',
    scenarios: ['firehose'],
    help: 'highest rate of ticks to one reader that holds every other limit, in each format',
  },
  'delivered-ratio': {
    title: 'Ticks delivered',
    limit: 0.98,
    unit: 'ratio',
    comparison: 'at-least',
    scenarios: ['firehose'],
    help: 'what the reader counted ÷ what was asked for, at the sustained rate',
  },
  'tick-p99': {
    title: 'Tick latency p99',
    limit: 10,
    unit: 'ms',
    comparison: 'at-most',
    scenarios: ['firehose'],
    help: "p99 from a tick's own time to its receipt, at the sustained rate",
  },
  structures: noneOf(
    'Structures not back at baseline',
    ['memory', 'churn'],
    'tracking structures of the server that kept entries when everyone had left',
  ),
  listeners: noneOf(
    'Listeners left behind',
    ['memory', 'churn'],
    'listeners on long-lived emitters above the baseline',
  ),
  timers: noneOf('Timers left behind', ['memory', 'churn'], 'timers above the baseline'),
  fds: noneOf('File descriptors left open', ['memory', 'churn'], 'open file descriptors above the baseline'),
  classes: noneOf(
    'Classes with instances left behind',
    ['memory', 'churn'],
    'classes with more live instances than at the baseline',
  ),
  'growing-classes': noneOf(
    'Classes that grow in heap snapshots',
    ['memory'],
    'classes of objects, closures and native things of which each half of the cycles left more behind',
  ),
  unsubscribed: noneOf(
    'Room entries kept after unsubscribing',
    ['memory'],
    'members still in the room of those that unsubscribed and stayed connected',
  ),
  'heap-slope': slope(
    'Heap growth per connection',
    256,
    'lower 95 % bound of the Theil–Sen slope of heap used after forced collection',
  ),
  'external-slope': slope(
    'External growth per connection',
    64,
    'lower 95 % bound of the Theil–Sen slope of external memory after forced collection',
  ),
  'half-open': {
    title: 'Time to find half-open clients',
    limit: 2.5,
    unit: 'heartbeats',
    comparison: 'at-most',
    scenarios: ['churn'],
    help: "longest time from a client's falling silent to the end of its connection",
  },
  'half-open-missed': noneOf(
    'Half-open clients never found',
    ['churn'],
    'silent clients whose connection the server did not end',
  ),
  // Below any heartbeat: an end that only a heartbeat finds is always over it.
  'release-time': {
    title: 'Time to release ended connections',
    limit: 1_000,
    unit: 'ms',
    comparison: 'at-most',
    scenarios: ['churn'],
    help: 'from the last end of a connection until the server holds none',
  },
  'not-recovered': noneOf(
    'Clients not recovered after the storm',
    ['churn'],
    'clients of the storm that did not come back with everything they missed',
  ),
  'http-errors': noneOf(
    'Requests without an answer',
    ['http'],
    'connections that were refused, reset or cut before the answer was there',
  ),
  'http-timeouts': noneOf('Requests timed out', ['http'], 'answers that were not there within --timeout'),
  'http-non-2xx': noneOf('Answers other than 2xx', ['http'], 'answers with any other status'),
  'http-broadcasts': noneOf(
    'Commentary accepted and not broadcast',
    ['http'],
    'answers with 201 that the server did not count as a broadcast',
  ),
  'instrumentation-cost': {
    title: 'Cost of instrumentation',
    limit: 0.02,
    unit: 'ratio',
    comparison: 'at-most',
    scenarios: ['overhead'],
    help: 'share of throughput that metrics, scraped once a second, take',
  },
  // A tenth of what a p99 may be.
  'instrumentation-latency': {
    title: 'Latency added by instrumentation',
    limit: 5,
    unit: 'ms',
    comparison: 'at-most',
    scenarios: ['overhead'],
    help: 'p99 of deliveries with metrics, scraped once a second, less the p99 without, in the same round',
  },
} as const satisfies Record<string, ThresholdDefinition>;

export type ThresholdName = keyof typeof THRESHOLDS;
export type Limits = Readonly<Record<ThresholdName, number>>;

export const THRESHOLD_NAMES = Object.keys(THRESHOLDS) as readonly ThresholdName[];

export function isThresholdName(name: string): name is ThresholdName {
  return Object.hasOwn(THRESHOLDS, name);
}

/** The thresholds that a scenario judges, in table order. */
export function thresholdsOf(scenario: ScenarioName): readonly ThresholdName[] {
  return THRESHOLD_NAMES.filter((name) => {
    const { scenarios }: ThresholdDefinition = THRESHOLDS[name];
    return scenarios.includes(scenario);
  });
}

/** The default limits with a run's own put over them; unknown names are left out. */
export function limitsOf(overrides: Readonly<Record<string, number>>): Limits {
  const entries = THRESHOLD_NAMES.map((name) => [name, overrides[name] ?? THRESHOLDS[name].limit] as const);
  return Object.fromEntries(entries) as Record<ThresholdName, number>;
}

/** Whether an observed value keeps a limit. */
export function holds(name: ThresholdName, observed: number, limits: Limits): boolean {
  const limit = limits[name];
  switch (THRESHOLDS[name].comparison) {
    case 'below':
      return observed < limit;
    case 'at-most':
      return observed <= limit;
    case 'at-least':
      return observed >= limit;
  }
}

/** The largest tier a run must hold on latency and CPU: a server of ours is expected to take 1,000. */
export const REQUIRED_CONNECTIONS = 1_000;

/** Below this many connections a fixed cost divided by few connections says nothing about a connection. */
export const MIN_CONNECTIONS_FOR_COSTS = 500;

const SIGNS = { below: '<', 'at-most': '≤', 'at-least': '≥' } as const;

/** A limit with its comparison and unit: `< 50 ms`, `0`, `≤ 5`, `< 50 KB`, `< 0.2 core`, `≥ 100/s`, `≤ 2 %`. */
export function formatLimit(name: ThresholdName, limit: number): string {
  const { comparison, unit } = THRESHOLDS[name];
  if (unit === 'count') return limit === 0 ? '0' : `≤ ${limit}`;
  return `${SIGNS[comparison]} ${limitSize(unit, limit)}`;
}

function limitSize(unit: Exclude<CheckUnit, 'count'>, limit: number): string {
  switch (unit) {
    case 'ms':
      return `${limit.toLocaleString('en-US', { maximumSignificantDigits: 6 })} ms`;
    case 'bytes':
      return limit < 1_000 ? `${limit} B` : `${limit / 1_000} KB`;
    case 'cores':
      return `${limit} core`;
    case 'ratio':
      return formatPercent(limit);
    case 'per-second':
      return formatRate(limit);
    case 'heartbeats':
      return `${limit} heartbeats`;
  }
}
