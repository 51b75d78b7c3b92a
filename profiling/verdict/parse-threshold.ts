/** Reads a limit as somebody typed it. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { isThresholdName, THRESHOLD_NAMES, THRESHOLDS, type ThresholdName } from './thresholds.ts';
import type { CheckUnit } from './verdict.ts';

/** In the unit of the table. */
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
  ratio: { '': 1, '%': 0.01 },
  'per-second': { '': 1, '/s': 1 },
  heartbeats: { '': 1 },
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
  const match = /^(\d+(?:\.\d+)?)([A-Za-z%/]*)$/.exec(value);
  const factor = SUFFIXES[unit][match?.[2] ?? ''];
  const limit = Number(match?.[1]) * (factor ?? Number.NaN);
  if (Number.isNaN(limit) || (unit === 'count' && !Number.isInteger(limit))) {
    throw new TouchlineError('TL_USAGE', `expected ${name} as ${name}=${example(name)}; received "${text}"`);
  }
  return { name, limit };
}

const EXAMPLES: Readonly<Record<CheckUnit, string>> = {
  count: '5, a whole number',
  ms: '80ms',
  bytes: '60KB',
  cores: '0.25',
  ratio: '3%',
  'per-second': '200/s',
  heartbeats: '3',
};

function example(name: ThresholdName): string {
  const { unit } = THRESHOLDS[name];
  const suffixes = Object.keys(SUFFIXES[unit]).filter((suffix) => suffix !== '');
  return suffixes.length === 0 ? EXAMPLES[unit] : `${EXAMPLES[unit]} (units: ${suffixes.join(', ')})`;
}
