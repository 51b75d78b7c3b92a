/** A mean over rounds against its limit, of which one must be sure. */

import { formatCount, formatQuantity } from '../quantities.ts';
import { holds, type Limits, THRESHOLDS } from '../thresholds.ts';
import type { Check, VerdictWord } from '../verdict.ts';
import type { Interval } from './overhead-verdict.ts';

/** Fewer pairs than this are an anecdote, however well they agree. */
export const LEAST_ROUNDS = 4;

export type IntervalCheckName = 'instrumentation-cost' | 'instrumentation-latency';

export interface SeenInterval {
  readonly interval: Interval | null;
  /** That it is made of. */
  readonly rounds: number;
  /** @defaultValue {@link LEAST_ROUNDS} */
  readonly leastRounds?: number;
  /** How many would bring the interval off the limit; null: more than anybody waits for. */
  readonly roundsToSettle: (limit: number) => number | null;
}

/** The whole interval must lie on one side of the limit. */
export function intervalCheck(name: IntervalCheckName, limits: Limits, seen: SeenInterval): Check {
  const { title, unit } = THRESHOLDS[name];
  const base = { name, title, threshold: limits[name], unit };
  const { interval, rounds, leastRounds = LEAST_ROUNDS } = seen;
  if (interval === null || rounds < leastRounds) {
    const detail = `${formatRounds(rounds)} can be compared, ${leastRounds} are needed`;
    return { ...base, observed: null, verdict: 'inconclusive', detail };
  }
  const verdict = sideOf(name, interval, limits);
  const said = `${intervalText(name, interval)}, ${formatRounds(rounds)}`;
  const detail = verdict === 'inconclusive' ? `${said}; ${settleText(seen, limits[name])}` : said;
  return { ...base, observed: interval.mean, verdict, detail };
}

/** `95 % CI -0.12 ms to 0.31 ms`. */
export function intervalText(name: IntervalCheckName, { low, high }: Interval): string {
  const { unit } = THRESHOLDS[name];
  return `95 % CI ${formatQuantity(low, unit)} to ${formatQuantity(high, unit)}`;
}

/** `1 round`, `12 rounds`. */
export function formatRounds(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'round' : 'rounds'}`;
}

function sideOf(name: IntervalCheckName, { low, high }: Interval, limits: Limits): VerdictWord {
  if (holds(name, high, limits)) return 'pass';
  return holds(name, low, limits) ? 'inconclusive' : 'fail';
}

function settleText({ roundsToSettle }: SeenInterval, limit: number): string {
  const needed = roundsToSettle(limit);
  const settle =
    needed === null
      ? 'too near the limit for more rounds to settle it'
      : `about ${formatRounds(needed)} on a machine as busy as this would settle it (--rounds ${needed})`;
  return `the limit lies inside: ${settle}`;
}
