/** Every default limit, once: `--help`, verdicts and reports read this table. 1 KB is 1,000 bytes here. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { CheckUnit } from './verdict.ts';

export interface ThresholdDefinition {
  readonly title: string;
  readonly limit: number;
  readonly unit: CheckUnit;
  /** `at-most`: the limit itself still passes. `below`: it does not. */
  readonly comparison: 'at-most' | 'below';
  readonly help: string;
}

const noneOf = (title: string, help: string) =>
  ({ title, limit: 0, unit: 'count', comparison: 'at-most', help }) as const;
const delivery = (percentile: string, limit: number) =>
  ({
    title: `Delivery latency ${percentile}`,
    limit,
    unit: 'ms',
    comparison: 'below',
    help: `${percentile} from the intended send to the receipt, in each tier`,
  }) as const;

export const THRESHOLDS = {
  'not-connected': noneOf('Connections missing', 'attempted minus connected, over all tiers'),
  errors: noneOf(
    'Errors',
    'failed subscribes and publishes, connections that ended early, unreadable messages',
  ),
  lost: noneOf('Messages lost', 'expected deliveries that never came'),
  duplicated: noneOf('Messages duplicated', 'deliveries that came more than once'),
  'out-of-order': noneOf('Messages out of order', 'deliveries that came after a later one'),
  'wrong-room': noneOf('Messages in the wrong room', 'deliveries of a room the client had not joined'),
  p50: delivery('p50', 10),
  p95: delivery('p95', 50),
  p99: delivery('p99', 50),
  'rss-per-connection': {
    title: 'Server memory per connection',
    limit: 50_000,
    unit: 'bytes',
    comparison: 'below',
    help: 'slope of the server RSS over connections (1 KB is 1,000 bytes)',
  },
  // 5 % of four cores for each 1,000 connections.
  'cpu-per-1000': {
    title: 'Server CPU per 1,000 connections',
    limit: 0.2,
    unit: 'cores',
    comparison: 'below',
    help: 'cores above the idle server for each 1,000 connections, in tiers of 500 and more',
  },
} as const satisfies Record<string, ThresholdDefinition>;

export type ThresholdName = keyof typeof THRESHOLDS;
export type Limits = Readonly<Record<ThresholdName, number>>;

export const THRESHOLD_NAMES = Object.keys(THRESHOLDS) as readonly ThresholdName[];

/** The default limits with a run's own put over them; unknown names are left out. */
export function limitsOf(overrides: Readonly<Record<string, number>>): Limits {
  const entries = THRESHOLD_NAMES.map((name) => [name, overrides[name] ?? THRESHOLDS[name].limit] as const);
  return Object.fromEntries(entries) as Record<ThresholdName, number>;
}

/** Whether an observed value keeps a limit. */
export function holds(name: ThresholdName, observed: number, limits: Limits): boolean {
  return THRESHOLDS[name].comparison === 'below' ? observed < limits[name] : observed <= limits[name];
}

/** The largest tier a run must hold on latency and CPU: a server of ours is expected to take 1,000. */
export const REQUIRED_CONNECTIONS = 1_000;

/** Below this many connections a fixed cost divided by few connections says nothing about a connection. */
export const MIN_CONNECTIONS_FOR_COSTS = 500;

/** A limit as somebody typed it, in the unit of the table. */
export interface TypedThreshold {
  readonly name: ThresholdName;
  readonly limit: number;
}

/** What may follow the number, and how many of the table's unit it is. */
const SUFFIXES: Readonly<Record<CheckUnit, Readonly<Record<string, number>>>> = {
  count: { '': 1 },
  ms: { '': 1, ms: 1, s: 1_000 },
  bytes: { '': 1, B: 1, KB: 1_000, KiB: 1_024, MB: 1_000_000, MiB: 1_048_576 },
  cores: { '': 1, '%': 0.01 },
};

/**
 * Reads `name=limit` as `--threshold` takes it: `p99=80ms`, `rss-per-connection=60KB`, `cpu-per-1000=25%`.
 *
 * @throws TouchlineError `TL_USAGE` saying what was expected and what came
 */
export function parseThreshold(text: string): TypedThreshold {
  const [name = '', value = ''] = text.split('=', 2);
  if (!isThresholdName(name)) {
    throw new TouchlineError(
      'TL_USAGE',
      `expected a threshold out of ${THRESHOLD_NAMES.join(', ')}; received "${name}"`,
    );
  }
  const { unit } = THRESHOLDS[name];
  const match = /^(\d+(?:\.\d+)?)([A-Za-z%]*)$/.exec(value);
  const factor = SUFFIXES[unit][match?.[2] ?? ''];
  const limit = Number(match?.[1]) * (factor ?? Number.NaN);
  if (Number.isNaN(limit) || (unit === 'count' && !Number.isInteger(limit))) {
    throw new TouchlineError('TL_USAGE', `expected ${name} as ${name}=${example(name)}; received "${text}"`);
  }
  return { name, limit };
}

function isThresholdName(name: string): name is ThresholdName {
  return Object.hasOwn(THRESHOLDS, name);
}

function example(name: ThresholdName): string {
  const { unit } = THRESHOLDS[name];
  const suffixes = Object.keys(SUFFIXES[unit]).filter((suffix) => suffix !== '');
  const sample = { count: '5', ms: '80ms', bytes: '60KB', cores: '0.25' }[unit];
  return suffixes.length === 0 ? `${sample}, a whole number` : `${sample} (units: ${suffixes.join(', ')})`;
}

/** A limit with its comparison and unit: `< 50 ms`, `0`, `≤ 5`, `< 50 KB`, `< 0.2 core`. */
export function formatLimit(name: ThresholdName, limit: number): string {
  const { comparison, unit } = THRESHOLDS[name];
  if (unit === 'count') return limit === 0 ? '0' : `≤ ${limit}`;
  const sign = comparison === 'below' ? '<' : '≤';
  const sizes = { ms: `${limit} ms`, bytes: `${limit / 1_000} KB`, cores: `${limit} core` };
  return `${sign} ${sizes[unit]}`;
}
